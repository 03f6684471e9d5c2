"""One symbol's market as its channels tell it: the book, the last trades, and whether anything is missing."""

from collections import deque
from collections.abc import Iterable, Sequence

from services.contracts.market import BookDelta, BookSnapshot, MarketView, Trade

LATEST = 50
"""Trades in a snapshot."""


class Gap(Exception):
    """A message is missing: take a whole view before anything else."""


class Batch:
    """What a batch of messages changed."""

    def __init__(self) -> None:
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}
        self.trades: list[Trade] = []
        self.anew = False
        """The book was replaced by a whole one."""
        self.trades_lost = False
        """Some trades since the last one known could not be had."""


class Market:
    """Follows book changes and trades, which share one numbering; statuses, which share it too, are not sent here,

    so a number that is passed over may be no loss, and a whole view, which is then asked for, does no harm.
    """

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.known = False
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}
        self.seq = 0
        self.time = 0
        self.trade_id = 0
        self.latest: deque[Trade] = deque(maxlen=LATEST)

    def look(self, view: MarketView) -> Batch:
        """Take a whole view; what it says of trades since the last one known."""
        batch = Batch()
        self._reset(view.book)
        batch.anew = True
        if not self.known:
            self.known = True
            self.latest.extend(view.trades)
            self.trade_id = view.book.last_trade_id
            return batch
        before = self.trade_id
        for trade in view.trades:
            self._add(trade, batch)
        self.trade_id = max(self.trade_id, view.book.last_trade_id)
        batch.trades_lost = self.trade_id - before != len(batch.trades)
        return batch

    def follow(self, messages: Iterable[Trade | BookDelta | BookSnapshot], batch: Batch) -> None:
        """Apply messages in their order; Gap at the first that does not follow, all before it are applied.

        A whole book follows when no trade before it is missing.
        """
        for message in messages:
            if message.seq > self.seq:
                if isinstance(message, BookSnapshot):
                    if message.last_trade_id > self.trade_id:
                        raise Gap
                    self._reset(message)
                    batch.anew = True
                    continue
                if message.prev_seq > self.seq:
                    raise Gap
                self.seq, self.time = message.seq, message.time
                if isinstance(message, BookDelta):
                    change(self.bids, batch.bids, message.bids)
                    change(self.asks, batch.asks, message.asks)
            if isinstance(message, Trade):
                self._add(message, batch)

    def _reset(self, book: BookSnapshot) -> None:
        self.bids, self.asks = dict(book.bids), dict(book.asks)
        self.seq, self.time = book.seq, book.time

    def _add(self, trade: Trade, batch: Batch) -> None:
        """Each trade once, by its id."""
        if trade.trade_id > self.trade_id:
            self.trade_id = trade.trade_id
            self.latest.append(trade)
            batch.trades.append(trade)


def change(book: dict[int, int], changed: dict[int, int], levels: Sequence[tuple[int, int]]) -> None:
    """Set levels; a quantity of zero removes one, and is told."""
    changed.update(levels)
    book.update(levels)
    for price, _ in levels:
        if not book.get(price, 1):
            del book[price]
