"""tradectl.backup.retention"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tradectl.backup.retention import Kept, Policy, superfluous

BEGIN = datetime(2024, 8, 5, 3, tzinfo=UTC)
"""A Monday."""
HOUR = 3_600_000_000


def at(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000


def daily(count: int, *, verified: bool = True) -> list[Kept]:
    return [Kept(f"{day:03}", at(BEGIN + timedelta(days=day)), verified) for day in range(count)]


def left(backups: list[Kept], policy: Policy) -> list[str]:
    gone = {each.id for each in superfluous(backups, policy)}
    return [each.id for each in backups if each.id not in gone]


backup_sets = st.lists(
    st.tuples(st.integers(0, 24 * 500), st.booleans()), max_size=60, unique_by=lambda pair: pair[0]
).map(lambda pairs: [Kept(f"{hour:05}", at(BEGIN) + hour * HOUR, verified) for hour, verified in sorted(pairs)])
policies = st.builds(Policy, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))


def test_so_many_days_have_their_last_backup() -> None:
    assert left(daily(10), Policy(3, 0, 0)) == ["007", "008", "009"]


def test_weeks_and_months_reach_further_back() -> None:
    assert left(daily(60), Policy(days=2, weeks=3, months=2)) == ["048", "055", "056", "058", "059"]


def test_of_a_day_with_several_the_last_verified_one_stays() -> None:
    day = [Kept(str(hour), at(BEGIN) + hour * HOUR, hour == 2) for hour in range(4)]
    assert left([*day, Kept("next", at(BEGIN) + 30 * HOUR, True)], Policy(2, 0, 0)) == ["2", "next"]


def test_without_a_verified_one_nothing_goes() -> None:
    assert superfluous(daily(90, verified=False), Policy(1, 0, 0)) == []


@given(backup_sets, policies)
def test_none_goes_before_a_newer_one_is_verified(backups: list[Kept], policy: Policy) -> None:
    for gone in superfluous(backups, policy):
        assert any(each.verified and each.taken > gone.taken for each in backups)


@given(backup_sets, policies)
def test_the_newest_and_the_newest_verified_stay(backups: list[Kept], policy: Policy) -> None:
    gone = superfluous(backups, policy)
    for these in (backups, [each for each in backups if each.verified]):
        assert not these or max(these, key=lambda each: each.taken) not in gone


@given(backup_sets, policies)
def test_who_prunes_twice_removes_nothing_more(backups: list[Kept], policy: Policy) -> None:
    gone = superfluous(backups, policy)
    assert superfluous([each for each in backups if each not in gone], policy) == []


@given(backup_sets, policies)
def test_of_each_of_the_last_days_one_stays(backups: list[Kept], policy: Policy) -> None:
    days = {each.id: each.taken // (24 * HOUR) for each in backups}
    wanted = sorted(set(days.values()))[len(set(days.values())) - min(policy.days, len(set(days.values()))) :]
    assert set(wanted) <= {days[name] for name in left(backups, policy)}


@given(backup_sets, policies, st.permutations(range(60)))
def test_the_order_in_which_they_are_listed_is_of_no_matter(
    backups: list[Kept], policy: Policy, order: list[int]
) -> None:
    mixed = [backups[place] for place in order if place < len(backups)]
    assert superfluous(mixed, policy) == superfluous(backups, policy)
