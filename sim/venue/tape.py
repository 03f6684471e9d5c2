"""What a symbol's market says to the world: trades, changed levels, its status, numbered without holes."""

from services.contracts.instruments import Status
from services.contracts.market import BookDelta, MarketMessage, StatusChange, Trade
from sim.venue.book import Half


class Tape:
    """``seq`` counts the symbol's messages, ``trade_id`` its trades."""

    __slots__ = ("indicated", "last", "messages", "seq", "status", "symbol", "time", "trade_id", "trades")

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.seq = 0
        self.trade_id = 0
        self.time = 0
        self.last: int | None = None
        self.status: Status = "closed"
        self.indicated: tuple[int | None, int] = (None, 0)
        """Price and quantity at which an auction would trade now."""
        self.messages: list[MarketMessage] = []
        self.trades: list[Trade] = []

    def trade(self, price: int, quantity: int, *, buy: bool) -> int:
        """Print a trade; its id."""
        self.last = price
        self.trade_id += 1
        seq, self.seq = self.seq, self.seq + 1
        trade = Trade(
            symbol=self.symbol,
            seq=seq + 1,
            prev_seq=seq,
            time=self.time,
            trade_id=self.trade_id,
            price=price,
            quantity=quantity,
            aggressor="buy" if buy else "sell",
        )
        self.messages.append(trade)
        self.trades.append(trade)
        return self.trade_id

    def book(self, bids: Half, asks: Half) -> None:
        """Tell the levels that changed since the last telling, once each, best first."""
        if not (bids.dirty or asks.dirty):
            return
        seq, self.seq = self.seq, self.seq + 1
        self.messages.append(
            BookDelta(
                symbol=self.symbol,
                seq=seq + 1,
                prev_seq=seq,
                time=self.time,
                bids=[(price, bids.sizes.get(price, 0)) for price in sorted(bids.dirty, reverse=True)],
                asks=[(price, asks.sizes.get(price, 0)) for price in sorted(asks.dirty)],
            )
        )
        bids.dirty.clear()
        asks.dirty.clear()

    def turn(self, status: Status) -> None:
        """Tell a new status."""
        if status == self.status:
            return
        self.status = status
        self.indicated = (None, 0)
        self._tell_status()

    def indicate(self, price: int | None, quantity: int) -> None:
        """Tell at which price, and how much, an auction would trade now, where that is another than before."""
        if self.indicated != (price, quantity):
            self.indicated = (price, quantity)
            self._tell_status()

    def _tell_status(self) -> None:
        seq, self.seq = self.seq, self.seq + 1
        price, quantity = self.indicated
        self.messages.append(
            StatusChange(
                symbol=self.symbol,
                seq=seq + 1,
                prev_seq=seq,
                time=self.time,
                status=self.status,
                indicative_price=price,
                indicative_quantity=quantity,
            )
        )

    def taken(self) -> tuple[list[MarketMessage], list[Trade]]:
        """What was said since the last time, and the trades in it."""
        messages, self.messages = self.messages, []
        trades, self.trades = self.trades, []
        return messages, trades
