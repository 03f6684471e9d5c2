from collections.abc import Sequence
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.clock import DAY, HOUR
from services.contracts.orders import Fill
from services.recommendations.domain.popular import Key, Tally, Trader, ranked, tallied, traders_of


def fill(number: int, account: str, symbol: str, time: int, cost: int) -> Fill:
    return Fill(
        fill_id=f"E-{number}",
        order_id="o",
        account_id=account,
        symbol=symbol,
        currency="USD",
        price_scale=2,
        quantity_scale=0,
        side="buy",
        price=cost,
        quantity=1,
        cost=cost,
        fee=1,
        liquidity="taker",
        time=time,
    )


FILLS = st.lists(
    st.builds(
        fill,
        st.integers(0),
        st.sampled_from("abc"),
        st.sampled_from(["AAPL", "IBM"]),
        st.integers(0, 3).map(lambda days: days * DAY + 7 * HOUR),
        st.integers(1, 10**6),
    ),
    max_size=30,
)


def booked(batches: Sequence[Sequence[Fill]]) -> dict[Key, Tally]:
    """As the store keeps them between batches."""
    kept: dict[Key, Tally] = {}
    known: set[Trader] = set()
    for batch in batches:
        new = traders_of(batch) - known
        known |= new
        kept |= {tally.key: tally for tally in tallied(kept, batch, new)}
    return kept


@given(FILLS, st.integers(1, 30))
def test_however_fills_come_in_batches_the_tallies_are_the_same(fills: list[Fill], size: int) -> None:
    rest = iter(fills)
    batches = list(iter(lambda: list(islice(rest, size)), []))
    assert booked(batches) == booked([fills])


@given(FILLS)
def test_a_tally_is_of_its_day_and_symbol_and_counts_each_trader_once(fills: list[Fill]) -> None:
    tallies = booked([fills])
    assert len(tallies) == len({(each.time // DAY, each.symbol) for each in fills})
    for (day, symbol), tally in tallies.items():
        mine = [each for each in fills if each.symbol == symbol and day <= each.time < day + DAY]
        assert tally.fills == len(mine)
        assert tally.notional == sum(each.cost for each in mine)
        assert tally.traders == len({each.account_id for each in mine})


def test_most_traders_come_first_then_most_fills() -> None:
    tallies = [Tally(0, "A", "USD", 1, 9, 9), Tally(0, "B", "USD", 2, 2, 1), Tally(0, "C", "RUB", 2, 3, 1)]
    assert [each.symbol for each in ranked(tallies)] == ["C", "B", "A"]
