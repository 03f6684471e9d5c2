"""Market messages as hypothesis makes them."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from hypothesis import strategies as st
from msgspec.structs import replace

from services.contracts.clock import DAY, HOUR, MINUTE, SECOND
from services.contracts.instruments import Instrument
from services.contracts.market import Trade
from services.market_data.domain.candles import Candles
from services.market_data.domain.symbol import Symbol
from tests.instruments import BTCUSDT

START = 1_723_101_000 * SECOND
"""2024-08-08 07:10 UTC."""
PAUSES = st.one_of(
    st.integers(0, SECOND), st.integers(0, 2 * MINUTE), st.integers(0, 2 * HOUR), st.sampled_from([MINUTE, HOUR, DAY])
)


class Print(NamedTuple):
    """Time, price and quantity of a trade."""

    time: int
    price: int
    quantity: int


def _prints(rows: Sequence[tuple[int, int, int]]) -> list[Print]:
    times = accumulate((pause for pause, _, _ in rows), initial=START)
    return [Print(time, price, quantity) for time, (_, price, quantity) in zip(times, rows, strict=False)]


prints = st.lists(st.tuples(PAUSES, st.integers(9_900, 10_100), st.integers(1, 50)), min_size=1, max_size=40).map(
    _prints
)


def tape(some: Sequence[Print]) -> list[Trade]:
    """Trades as the provider's page gives them."""
    return [
        Trade(
            symbol="BTCUSDT",
            seq=number,
            prev_seq=number - 1,
            time=each.time,
            trade_id=number,
            price=each.price,
            quantity=each.quantity,
            aggressor="buy",
        )
        for number, each in enumerate(some, 1)
    ]


def instrument(opens: str | None = None) -> Instrument:
    return replace(BTCUSDT, opens=opens, closes="20:40" if opens else None)


def symbol(opens: str | None = None, reference: int = 10_000) -> Symbol:
    return Symbol(instrument(opens), reference, Candles("BTCUSDT"), 0)
