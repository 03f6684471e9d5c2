from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portfolio.domain.history import Change
from services.portfolio.domain.performance import Holdings, Point, Series, curve, drawdown, ratio
from tests.instruments import AAPL

MOMENTS = range(0, 101, 10)
CLOSE = Decimal("1e-20")
PRICES = st.lists(st.integers(1_000, 100_000), min_size=11, max_size=11)
TIMES = st.integers(1, 100)


def flow(time: int, amount: int, asset: str = "USD") -> Change:
    return Change(time, "deposit:1", "deposit", asset, amount, external=True)


def trade(time: int, shares: int, cash: int) -> list[Change]:
    legs = (("shares", "AAPL", shares), ("trade", "USD", cash))
    return [Change(time, "fill:1", kind, asset, amount, external=False) for kind, asset, amount in legs]


def run(opening: dict[str, int], changes: Sequence[Change], prices: Sequence[int]) -> list[Point]:
    """Over ten steps; a price a step."""
    series = Series(zip(MOMENTS, prices, strict=True))
    holdings = Holdings("USD", opening, {"AAPL": AAPL}, lambda _, time: series.at(time))
    return curve(holdings, sorted(changes, key=lambda change: change.time), MOMENTS)


@st.composite
def lives(draw: st.DrawFn) -> tuple[dict[str, int], list[Change], list[int]]:
    """An account that is worth something all the time, its deposits and its trades, and prices."""
    opening = {"USD": draw(st.integers(10**8, 10**9)), "AAPL": draw(st.integers(0, 100))}
    changes = [flow(draw(TIMES), draw(st.integers(1, 10**7))) for _ in range(draw(st.integers(0, 4)))]
    for _ in range(draw(st.integers(0, 4))):
        changes += trade(draw(TIMES), draw(st.integers(1, 50)), -draw(st.integers(1, 10**6)))
    return opening, changes, draw(PRICES)


@given(st.integers(0, 10**9), st.integers(0, 100), st.lists(st.tuples(TIMES, st.integers(-(10**6), 10**9)), max_size=8))
def test_while_prices_stand_no_deposit_or_withdrawal_is_a_return(
    cash: int, shares: int, flows: list[tuple[int, int]]
) -> None:
    opening = {"USD": cash + 10**7, "AAPL": shares}
    points = run(opening, [flow(*each) for each in flows], [20_000] * 11)
    assert {point.growth for point in points} == {1}
    assert points[-1].equity == opening["USD"] + shares * 20_000 + sum(amount for _, amount in flows)


@given(lives(), TIMES, st.integers(-(10**6), 10**9))
def test_a_deposit_changes_no_return_up_to_its_moment(
    life: tuple[dict[str, int], list[Change], list[int]], time: int, amount: int
) -> None:
    opening, changes, prices = life
    without, with_it = run(opening, changes, prices), run(opening, [*changes, flow(time, amount)], prices)
    for before, after in zip(without, with_it, strict=True):
        if before.time < time or before.time == time // 10 * 10 == time:
            assert abs(after.growth - before.growth) < CLOSE


@given(lives(), TIMES, st.integers(1, 5))
def test_who_deposits_more_of_the_same_has_the_same_return_and_more_equity(
    life: tuple[dict[str, int], list[Change], list[int]], time: int, times: int
) -> None:
    opening, _, prices = life
    more = [flow(time, amount * times, asset) for asset, amount in opening.items() if amount]
    without, with_it = run(opening, [], prices), run(opening, more, prices)
    for before, after in zip(without, with_it, strict=True):
        assert abs(after.growth - before.growth) < CLOSE
        assert after.equity == before.equity * (1 + times if after.time >= time else 1)


@given(lives())
def test_without_deposits_the_return_is_what_the_equity_gained(
    life: tuple[dict[str, int], list[Change], list[int]],
) -> None:
    opening, changes, prices = life
    points = run(opening, [change for change in changes if not change.external], prices)
    for point in points:
        assert abs(point.growth - Decimal(point.equity) / points[0].equity) < CLOSE


@given(lives())
def test_the_equity_is_all_that_came_at_the_price_of_the_moment(
    life: tuple[dict[str, int], list[Change], list[int]],
) -> None:
    opening, changes, prices = life
    for point, price in zip(run(opening, changes, prices), prices, strict=True):
        held = dict(opening)
        for change in changes:
            if change.time <= point.time:
                held[change.asset] += change.amount
        assert point.equity == held["USD"] + held["AAPL"] * price


@given(lives())
def test_the_drawdown_is_between_nothing_and_all(life: tuple[dict[str, int], list[Change], list[int]]) -> None:
    growths = [point.growth for point in run(*life)]
    falls = [1 - later / growths[i] for i, _ in enumerate(growths) for later in growths[i:] if growths[i]]
    assert drawdown(run(*life)) == max(falls)


def test_a_share_that_rises_by_a_tenth_and_a_deposit_in_between() -> None:
    """1,000 in shares become 1,100; 1,100 are added; all of it in shares becomes a tenth more: 21 %."""
    changes = [flow(15, 110_000), *trade(16, 10, -110_000)]
    points = run({"AAPL": 10}, changes, [10_000, 11_000, 12_100, *[12_100] * 8])
    assert points[-1].growth == Decimal("1.21")
    assert points[-1].equity == 242_000


def test_an_account_begins_with_its_first_deposit() -> None:
    points = run({}, [flow(15, 1_000_000), *trade(25, 100, -1_000_000)], [10_000] * 5 + [15_000] * 6)
    assert [point.equity for point in points[:3]] == [0, 0, 1_000_000]
    assert points[-1].growth == Decimal("1.5")


def test_what_is_lost_whole_stays_lost_and_what_is_nothing_grows_by_nothing() -> None:
    assert [ratio(-5, 10), ratio(5, 0), ratio(5, -1)] == [Decimal(0), Decimal(1), Decimal(1)]
    assert drawdown([Point(0, 1, Decimal(1)), Point(1, 0, Decimal(0)), Point(2, 1, Decimal(0))]) == 1


def test_a_price_holds_until_the_next_and_the_first_also_before_it() -> None:
    series = Series([(20, 2), (10, 1)])
    assert [series.at(time) for time in (0, 10, 19, 20, 99)] == [1, 1, 1, 2, 2]
    with pytest.raises(LookupError):
        Series([]).at(1)
