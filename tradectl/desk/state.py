"""What the trader sees, as plain data, and which of it has changed since anybody looked."""

import time
from collections import deque
from collections.abc import Callable, Collection, Container, Mapping
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from tradectl.desk.account import (
    Alert,
    Fill,
    Message,
    Notification,
    Order,
    OrderEvent,
    Portfolio,
    Profile,
    Signal,
    Topic,
)
from tradectl.desk.market import Book, Candle, Instrument, Levels, Series, Trade
from tradectl.desk.quotes import Quotes

KEPT = 500
"""Trades of a tape, fills, happenings, signals, notifications and messages of a topic."""
Status = Literal["off", "connecting", "live", "cut"]


class Everything(Container[str]):
    """Every key: what a pane is told that has seen nothing yet."""

    def __contains__(self, key: object) -> bool:
        return True


EVERYTHING = Everything()


class Items(msgspec.Struct):
    """A list's page, not decoded yet; ``unread`` is that of the notifications."""

    items: msgspec.Raw
    unread: int = 0


class LinkState:
    """How the WebSocket is; times are of time.monotonic."""

    def __init__(self) -> None:
        self.status: Status = "off"
        self.heard = time.monotonic()
        self.cuts = 0
        self.why = ""
        """What ended the last connection."""

    def age(self, now: float) -> float:
        """Seconds since anything was heard."""
        return max(0.0, now - self.heard)


class State:
    """Changed by ``apply`` (the link) and by the desk; see the package's docstring."""

    def __init__(self) -> None:
        self.dirty: set[str] = set()
        self.link = LinkState()
        self.symbol = ""
        self.interval = "1m"
        self.profile: Profile | None = None
        self.instruments: dict[str, Instrument] = {}
        self.watchlist: list[str] = []
        self.quotes = Quotes()
        self.books: dict[str, Book] = {}
        self.tapes: dict[str, deque[Trade]] = {}
        """Newest last."""
        self.series: dict[tuple[str, str], Series] = {}
        self.orders: dict[str, Order] = {}
        """By id: the open ones, and those that ended since sign-in."""
        self.fills: deque[Fill] = deque(maxlen=KEPT)
        self.portfolio = Portfolio()
        self.notifications: list[Notification] = []
        self.unread = 0
        self.signals: list[Signal] = []
        self.topics: list[Topic] = []
        self.messages: dict[str, dict[str, Message]] = {}
        """By topic and id, oldest first."""
        self.alerts: list[Alert] = []
        self.happenings: deque[OrderEvent | Notification] = deque(maxlen=KEPT)
        self._takers: Mapping[str, Callable[[str, bool, msgspec.Raw], None]] = {
            "quotes": self._quote,
            "book": self._book,
            "trades": self._trade,
            "candles": self._candle,
            "orders": self._order,
            "portfolio": self._portfolio,
            "notifications": self._notification,
            "signals": self._signal,
            "chat": self._message,
        }

    def touch(self, *keys: str) -> None:
        """Say that something has changed."""
        self.dirty.update(keys)

    def drain(self) -> Collection[str]:
        """What has changed since the last time."""
        drained, self.dirty = self.dirty, set()
        return drained

    @property
    def open_orders(self) -> list[Order]:
        """Newest first."""
        return sorted((each for each in self.orders.values() if each.open), key=lambda o: o.created_at, reverse=True)

    def apply(self, channel: str, *, whole: bool, data: msgspec.Raw) -> None:
        """A channel's snapshot (``whole``) or delta."""
        kind, _, rest = channel.partition(":")
        self._takers[kind](rest, whole, data)
        if kind != "candles":
            self.dirty.add(channel)

    def _quote(self, symbol: str, _: bool, data: msgspec.Raw) -> None:
        self.quotes.put(symbol, data)

    def _book(self, symbol: str, whole: bool, data: msgspec.Raw) -> None:
        levels = decoded(data, Levels)
        book = self.books.get(symbol)
        if whole or book is None:
            self.books[symbol] = Book(levels)
        else:
            book.change(levels)

    def _trade(self, symbol: str, whole: bool, data: msgspec.Raw) -> None:
        if whole:
            latest: list[Trade] = decoded(decoded(data, Items).items, list[Trade])
            self.tapes[symbol] = deque(sorted(latest, key=lambda trade: trade.id), KEPT)
        else:
            self.tapes.setdefault(symbol, deque(maxlen=KEPT)).append(decoded(data, Trade))

    def _candle(self, rest: str, whole: bool, data: msgspec.Raw) -> None:
        """Minutes; they go on with the series of every interval that is kept of the symbol."""
        symbol = rest.partition(":")[0]
        if whole:
            bars: list[Candle] = decoded(decoded(data, Items).items, list[Candle])
            self.series[symbol, "1m"] = Series("1m", bars)
            self.dirty.add(f"candles:{symbol}:1m")
            return
        minute = decoded(data, Candle)
        for (name, interval), series in self.series.items():
            if name == symbol:
                series.add(minute)
                self.dirty.add(f"candles:{symbol}:{interval}")

    def _order(self, _: str, whole: bool, data: msgspec.Raw) -> None:
        """A snapshot is of the open ones: what was open and is not in it has ended, nobody saw how."""
        if whole:
            listed: list[Order] = decoded(decoded(data, Items).items, list[Order])
            ended = {each.id: each for each in self.orders.values() if not each.open}
            self.orders = ended | {each.id: each for each in listed}
            return
        event = decoded(data, OrderEvent)
        self.orders[event.order.id] = event.order
        if event.fill is not None:
            self.fills.append(event.fill)
        self.happenings.append(event)

    def _portfolio(self, _: str, whole: bool, data: msgspec.Raw) -> None:
        """A delta has a part of what a booking changed; the desk asks for the whole again."""
        if whole:
            self.portfolio = decoded(data, Portfolio)

    def _notification(self, _: str, whole: bool, data: msgspec.Raw) -> None:
        if whole:
            page = decoded(data, Items)
            self.notifications, self.unread = decoded(page.items, list[Notification]), page.unread
            return
        told = decoded(data, Notification)
        self.notifications = [told, *self.notifications][:KEPT]
        self.unread += 1
        self.happenings.append(told)

    def _signal(self, _: str, whole: bool, data: msgspec.Raw) -> None:
        if whole:
            self.signals = decoded(decoded(data, Items).items, list[Signal])
        else:
            self.signals = [decoded(data, Signal), *self.signals][:KEPT]

    def _message(self, topic: str, whole: bool, data: msgspec.Raw) -> None:
        if whole:
            page: list[Message] = decoded(decoded(data, Items).items, list[Message])
            self.messages[topic] = {each.id: each for each in reversed(page)}
        else:
            self.keep_message(decoded(data, Message))

    def keep_message(self, message: Message) -> None:
        """Its newest words and counts; what the trader thinks of it stays where it is not said."""
        known = self.messages.setdefault(message.topic_id, {})
        if message.my_reactions is None and message.id in known:
            message = replace(message, my_reactions=known[message.id].my_reactions)
        known[message.id] = message
        self.dirty.add(f"chat:{message.topic_id}")


def decoded(data: msgspec.Raw | bytes, kind: Any) -> Any:
    """JSON as a struct, or a list of them."""
    return msgspec.json.decode(data, type=kind)
