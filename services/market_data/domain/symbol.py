"""What market data knows of one symbol, and how the provider's messages change it."""

from collections import deque
from typing import NamedTuple

import msgspec

from services.contracts.clock import DAY
from services.contracts.instruments import Instrument, Status
from services.contracts.market import Bar, BookDelta, BookSnapshot, MarketView, Quote, StatusChange, Trade
from services.market_data.domain.book import Book
from services.market_data.domain.candles import Candles

RECENT = 1_000
"""Trades kept for those who ask for the latest."""


class GapError(Exception):
    """A message is missing: only a snapshot helps."""


class News(NamedTuple):
    """What other services must hear by an event: a new status, or a new reference price, at a market time."""

    time: int
    status: Status | None = None
    reference: int | None = None


class Symbol:
    """Book, candles, last trade and status; ``seq`` is the last message's number."""

    def __init__(self, instrument: Instrument, reference: int | None, candles: Candles, trade_id: int) -> None:
        self.instrument = instrument
        self.reference = reference
        """The close before today's session: the price that the band stands around."""
        self.candles = candles
        self.trade_id = trade_id
        self.status: Status = instrument.status
        self.book = Book()
        self.seq = 0
        self.time = 0
        self.last: int | None = None
        self.recent: deque[Trade] = deque(maxlen=RECENT)
        self.synchronised = False
        self.closed: list[Bar] = []
        """Bars that ended and are not stored yet."""
        self.news: list[News] = []
        self.dirty = False
        """Whether anything changed since it was last stored."""

    def apply(self, message: Trade | BookDelta | StatusChange) -> None:
        """Follow one message; GapError when it does not follow the one before."""
        if message.prev_seq != self.seq:
            self.synchronised = False
            raise GapError(f"{self.instrument.symbol}: {message.prev_seq} follows {self.seq}")
        self.seq = message.seq
        if isinstance(message, Trade):
            self.trade(message)
            return
        self.pass_time(message.time)
        if isinstance(message, BookDelta):
            self.book.change(message.bids, message.asks)
        else:
            self.turn(message.status, message.time)

    def reset(self, snapshot: BookSnapshot) -> None:
        """Start anew from a snapshot; the trades before it are to be counted first."""
        self.book.reset(snapshot)
        self.seq = snapshot.seq
        self.pass_time(snapshot.time)
        self.last = snapshot.last if snapshot.last is not None else self.last
        self.turn(snapshot.status, snapshot.time)
        self.synchronised = True

    def trade(self, trade: Trade) -> None:
        """Count a trade once, by its id."""
        if trade.trade_id <= self.trade_id:
            return
        self.pass_time(trade.time)
        self.trade_id = trade.trade_id
        self.last = trade.price
        self.recent.append(trade)
        self.candles.add(trade.time, trade.price, trade.quantity)

    def turn(self, status: Status, time: int) -> None:
        """The session opened, closed or was halted; a new session stands around the last one's close."""
        if status == self.status:
            return
        if status in ("pre_open", "open") and self.status == "closed" and self.last is not None:
            self.refer(self.last, time)
        self.status = status
        self.news.append(News(time, status=status))

    def refer(self, price: int, time: int) -> None:
        """The band stands around another price."""
        if price != self.reference:
            self.reference = price
            self.news.append(News(time, reference=price))

    def pass_time(self, time: int) -> None:
        """Close what ended by now; a market that never closes has its new day at midnight UTC."""
        if time > self.time:
            if self.instrument.opens is None and self.time and time // DAY > self.time // DAY and self.last is not None:
                self.refer(self.last, time)
            self.time = time
        self.dirty = True
        if time >= self.candles.next_end:
            self.closed += self.candles.close_until(time)

    def stored(self, bars: int) -> None:
        """So many of the closed bars are durable."""
        del self.closed[:bars]

    def quote(self, *, stale: bool = False) -> Quote:
        """Best bid and ask, last trade, the day's figures."""
        day = self.candles.forming.get("1d")
        book = self.book
        return Quote(
            symbol=self.instrument.symbol,
            seq=self.seq,
            time=self.time,
            bid=book.bid,
            bid_size=book.bids[book.bid] if book.bid is not None else 0,
            ask=book.ask,
            ask_size=book.asks[book.ask] if book.ask is not None else 0,
            last=self.last,
            open=day.open if day else None,
            high=day.high if day else None,
            low=day.low if day else None,
            previous_close=self.reference,
            volume=day.volume if day else 0,
            stale=stale,
        )

    def view(self, after: int) -> MarketView:
        """Book and latest trades at one instant."""
        return MarketView(book=self.whole_book(), trades=[trade for trade in self.recent if trade.trade_id > after])

    def whole_book(self) -> BookSnapshot:
        """The book at its number."""
        return BookSnapshot(
            symbol=self.instrument.symbol,
            seq=self.seq,
            time=self.time,
            bids=sorted(self.book.bids.items(), reverse=True),
            asks=sorted(self.book.asks.items()),
            last_trade_id=self.trade_id,
            last=self.last,
            status=self.status,
        )

    def terms(self) -> Instrument:
        """The instrument with its status now."""
        return msgspec.structs.replace(self.instrument, status=self.status)
