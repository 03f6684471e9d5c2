"""The desk's structs as the widgets' plain data."""

from collections import deque
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from tradectl.desk.account import Order
from tradectl.desk.market import Candle, Instrument, Quote, Trade
from tradectl.tui.widgets.bars import Bar
from tradectl.tui.widgets.tape import Print
from tradectl.tui.widgets.watchlist_rows import SPARK, Watched

HUNDREDTH = Decimal("0.01")


def bar_of(candle: Candle) -> Bar:
    """A candle to draw."""
    return Bar(
        round(candle.start.timestamp()) * 1_000_000,
        float(candle.open),
        float(candle.high),
        float(candle.low),
        float(candle.close),
        float(candle.volume),
    )


def print_of(trade: Trade) -> Print:
    """A trade of the tape."""
    side: Literal["buy", "sell"] = "buy" if trade.aggressor == "buy" else "sell"
    return Print(f"{trade.time:%H:%M:%S}", trade.price, trade.quantity, side)


def resting(orders: Iterable[Order], symbol: str, side: str) -> dict[Decimal, Decimal]:
    """What is left of open limit orders, by price."""
    left: dict[Decimal, Decimal] = {}
    for order in orders:
        if order.open and order.symbol == symbol and order.side == side and order.limit_price is not None:
            price = order.limit_price
            left[price] = left.get(price, Decimal(0)) + order.quantity - order.filled_quantity
    return left


class Quoted:
    """Quotes as rows of the watchlist, with the way that each price came."""

    def __init__(self) -> None:
        self._paths: dict[str, deque[float]] = {}

    def row(self, instrument: Instrument, quote: Quote | None) -> Watched:
        """The row of a quote, or of a symbol that has none yet."""
        if quote is None:
            return Watched(instrument.symbol, digits=instrument.price_scale)
        change = quote.change
        return Watched(
            symbol=quote.symbol,
            last=quote.last,
            change=None if change is None else (change * 100).quantize(HUNDREDTH),
            bid=quote.bid,
            ask=quote.ask,
            volume=quote.volume,
            digits=instrument.price_scale,
            stale=quote.stale,
            spark=self._path(quote),
        )

    def _path(self, quote: Quote) -> tuple[float, ...]:
        """The last prices that differed from the one before."""
        path = self._paths.setdefault(quote.symbol, deque(maxlen=SPARK))
        if quote.last is not None and (not path or path[-1] != float(quote.last)):
            path.append(float(quote.last))
        return tuple(path)
