"""A FIX session for market data: it is told what it subscribed to, and takes no orders.

Nothing of it is kept: prices are not sent again, a resend is answered by a gap fill. Who reads slowly is told less
often, each time how the book is by then; trades are never left out.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.contracts.market import MarketMessage, Trade
from services.fix import tags
from services.fix.message import Body, Message
from services.fix.messages import BusinessMessageReject, Reject
from services.fix.session import Exchange, LoggedOn, SessionNumbers, StoredMessage
from services.fix.transport import Endpoint, NotLoggedOnError
from services.runtime.log import logger
from sim.broker.market.bodies import full_refresh, incremental_refresh, reject
from sim.broker.market.requests import Action, Entry, Reason, Refused, Request, request_of
from sim.broker.market.views import View, changes, view_of
from sim.venue.exchange import Exchange as Venue

log = logger("broker")
REQUEST = "V"
HEARD = frozenset({REQUEST, BusinessMessageReject.MSG_TYPE, Reject.MSG_TYPE})


@dataclass
class Subscription:
    """``told`` is the view that the client has, by symbol; ``trades`` are those that he has not."""

    request: Request
    told: dict[str, View] = field(default_factory=dict)
    trades: defaultdict[str, list[Trade]] = field(default_factory=lambda: defaultdict(list))


class MarketSession:
    """An Application of services.fix, for one client."""

    def __init__(self, venue: Venue, client: str) -> None:
        self.client = client
        self._venue = venue
        self._numbers = SessionNumbers()
        self._subscriptions: dict[str, Subscription] = {}
        self._changed: set[str] = set()
        self._news = asyncio.Event()
        venue.on_market(self._hear)

    async def load(self) -> SessionNumbers:
        """As this process has them: the market's session begins with it."""
        return self._numbers

    async def stored(self, begin: int, end: int) -> Sequence[StoredMessage]:  # noqa: ARG002 (nothing is kept)
        """For a resend: a price of a while ago is of no use to anybody."""
        return []

    async def synchronised(self) -> None:
        """Only initiators are told."""

    async def commit(self, exchange: Exchange) -> None:
        """What a read brought; who logs on has subscribed to nothing, whatever he had the last time."""
        if any(isinstance(effect, LoggedOn) for effect in exchange.effects):
            self._subscriptions.clear()
        for message in exchange.delivered:
            if message.msg_type == REQUEST:
                exchange.send(self._answers(message))
            else:
                log.warning("the client refused market data", client=self.client, refusal=repr(message))
        self._numbers = exchange.numbers

    async def carry(self, endpoint: Endpoint) -> None:
        """A loop for life: while the client is there, tell what has changed; what he asked for ends with him."""
        while True:
            await endpoint.wait_logged_on()
            try:
                while endpoint.logged_on:
                    await self._news.wait()
                    self._news.clear()
                    await endpoint.run(self._tell)
            except (NotLoggedOnError, OSError) as why:
                log.info("nobody hears the market", client=self.client, why=str(why))
            self._subscriptions.clear()

    async def _tell(self, exchange: Exchange) -> None:
        changed, self._changed = self._changed, set()
        exchange.send([body for each in self._subscriptions.values() for body in self._told(each, changed)])
        self._numbers = exchange.numbers

    def _hear(self, messages: Sequence[MarketMessage]) -> None:
        """The venue's: what must not be lost is put down, the rest is looked up when it is told."""
        if not self._subscriptions:
            return
        self._changed.update(message.symbol for message in messages)
        for message in messages:
            if isinstance(message, Trade):
                for each in self._subscriptions.values():
                    if message.symbol in each.request.symbols and Entry.TRADE in each.request.entries:
                        each.trades[message.symbol].append(message)
        self._news.set()

    def _answers(self, message: Message) -> list[Body]:
        request_id = message.text(tags.MDReqID) or ""
        try:
            return self._answer(request_of(message, self._venue.instruments))
        except Refused as refusal:
            return [reject(request_id, refusal.reason, str(refusal))]

    def _answer(self, request: Request) -> list[Body]:
        if request.action is Action.UNSUBSCRIBE:
            self._subscriptions.pop(request.id, None)
            return []
        if request.id in self._subscriptions:
            raise Refused(Reason.DUPLICATE_ID, f"MDReqID {request.id} is subscribed already")
        subscription = Subscription(request)
        if request.action is Action.SUBSCRIBE:
            self._subscriptions[request.id] = subscription
        return [self._whole(subscription, symbol) for symbol in request.symbols]

    def _whole(self, subscription: Subscription, symbol: str) -> Body:
        request, book = subscription.request, self._venue.snapshot(symbol)
        view = subscription.told[symbol] = view_of(book, request)
        wants_trade = Entry.TRADE in request.entries and book.last_trade_id
        last = self._venue.trades_after(symbol, book.last_trade_id - 1, 1) if wants_trade else []
        return full_refresh(request.id, self._venue.instruments[symbol], view, last[0] if last else None)

    def _told(self, subscription: Subscription, changed: set[str]) -> Iterator[Body]:
        request = subscription.request
        for symbol in request.symbols:
            if symbol not in changed:
                continue
            trades = subscription.trades.pop(symbol, [])
            view = view_of(self._venue.snapshot(symbol), request)
            different = list(changes(subscription.told[symbol], view))
            subscription.told[symbol] = view
            if not (different or trades):
                continue
            if request.incremental:
                yield incremental_refresh(request.id, self._venue.instruments[symbol], different, trades)
            else:
                yield full_refresh(request.id, self._venue.instruments[symbol], view, trades[-1] if trades else None)
