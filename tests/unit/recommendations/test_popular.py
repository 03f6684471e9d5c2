from collections.abc import Mapping, Sequence
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.contracts.clock import DAY
from services.recommendations.domain.popular import Change, Key, Tally, Trader, ranked, standing, tallied


def fill(account: str, symbol: str, day: int, cost: int) -> Change:
    return Change(day, symbol, account, "USD", 1, cost)


FILLS = st.lists(
    st.builds(
        fill,
        st.sampled_from("abc"),
        st.sampled_from(["AAPL", "IBM"]),
        st.integers(0, 3).map(lambda days: days * DAY),
        st.integers(1, 10**6),
    ),
    max_size=30,
)


def booked(batches: Sequence[Sequence[Change]], known: Mapping[Trader, int | None] | None = None) -> dict[Key, Tally]:
    """As the store keeps them between batches."""
    kept: dict[Key, Tally] = {}
    stood = dict(known or {})
    for batch in batches:
        stands = standing(stood, batch)
        kept |= {tally.key: tally for tally in tallied(kept, batch, stood, stands)}
        stood |= stands
    return kept


@given(FILLS, st.integers(1, 30))
def test_however_fills_come_in_batches_the_tallies_are_the_same(fills: list[Change], size: int) -> None:
    rest = iter(fills)
    batches = list(iter(lambda: list(islice(rest, size)), []))
    assert booked(batches) == booked([fills])


@given(FILLS)
def test_a_tally_is_of_its_day_and_symbol_and_counts_each_trader_once(fills: list[Change]) -> None:
    tallies = booked([fills])
    assert len(tallies) == len({each.key for each in fills})
    for (day, symbol), tally in tallies.items():
        mine = [each for each in fills if each.key == (day, symbol)]
        assert tally.fills == len(mine)
        assert tally.notional == sum(each.notional for each in mine)
        assert tally.traders == len({each.account_id for each in mine})


@given(FILLS, st.data())
def test_what_is_busted_leaves_no_trace_and_who_has_no_fill_left_was_no_trader(
    fills: list[Change], data: st.DataObject
) -> None:
    busted = [each for each in fills if data.draw(st.booleans())]
    left = list(fills)
    for each in busted:
        left.remove(each)
    backs = [each._replace(fills=-1, notional=-each.notional) for each in busted]
    assert ranked(booked([fills, backs]).values()) == ranked(booked([left]).values())


def test_a_correction_changes_the_notional_alone() -> None:
    before = booked([[fill("a", "AAPL", 0, 100)]])[0, "AAPL"]
    after = booked([[fill("a", "AAPL", 0, 100), Change(0, "AAPL", "a", "USD", 0, -7)]])[0, "AAPL"]
    assert after == replace(before, notional=93)


def test_who_was_counted_before_fills_were_stays() -> None:
    assert standing({(0, "AAPL", "a"): None}, [Change(0, "AAPL", "a", "USD", -1, -5)]) == {(0, "AAPL", "a"): None}


def test_most_traders_come_first_then_most_fills() -> None:
    tallies = [Tally(0, "A", "USD", 1, 9, 9), Tally(0, "B", "USD", 2, 2, 1), Tally(0, "C", "RUB", 2, 3, 1)]
    assert [each.symbol for each in ranked(tallies)] == ["C", "B", "A"]
