"""Events as they come from the services, each to the clients whom it concerns."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import asdict

from services.bff.handlers.session import Sessions
from services.bff.handlers.streams import Streams, encode
from services.contracts.chat import ChatMessage, message_json
from services.contracts.envelope import Envelope
from services.contracts.events import auth, chat, market_data, notifications, orders, portfolio, recommendations
from services.contracts.instruments import Instrument
from services.contracts.market import bar_json
from services.contracts.money import CURRENCY_SCALES, text
from services.contracts.orders import fill_json, order_json
from services.contracts.times import rfc3339
from services.runtime import log, trace

tell = log.line("bff", "pushed")
STREAMED = frozenset({"orders", "portfolio", "notifications", "signals", "chat", "candles"})


class Owner(msgspec.Struct):
    """As much of an order as says whose it is."""

    account_id: str


class OrderOwner(msgspec.Struct):
    order: Owner


decode_owner = msgspec.json.Decoder(OrderOwner).decode


class Live:
    """Takes the BFF's live events."""

    def __init__(
        self,
        sessions: Sessions,
        streams: Streams,
        instruments: dict[str, Instrument],
        recall: Callable[[], Awaitable[None]],
    ) -> None:
        self._recall = recall
        self._published = 0
        """Events that somebody follows."""
        self._sessions = sessions
        self._streams = streams
        self._instruments = instruments
        self._takers: Mapping[str, Callable[[Any], None]] = {
            auth.SessionsRevoked.name: self._sessions_revoked,
            auth.UserBlocked.name: self._user_blocked,
            chat.MessagePosted.name: self._message_posted,
            chat.MessageEdited.name: self._message_changed,
            chat.MessageReacted.name: self._message_changed,
            chat.MessageRemoved.name: self._message_changed,
            market_data.BarClosed.name: self._bar_closed,
            market_data.InstrumentListed.name: self._instrument,
            market_data.InstrumentChanged.name: self._instrument,
            notifications.NotificationCreated.name: self._notified,
            portfolio.PositionChanged.name: self._position_changed,
            recommendations.SignalRaised.name: self._signal_raised,
        }

    async def on_events(self, envelopes: Sequence[Envelope] | None) -> None:
        """Each event to its streams; when some were lost, everybody starts anew."""
        if envelopes is None:
            self._sessions.lose_all(STREAMED)
            await self._recall()
            return
        for envelope in envelopes:
            began, before = time.perf_counter(), self._published
            taker = self._takers.get(envelope.name)
            if taker is not None:
                taker(envelope.event)
            elif self._streams.any:
                self._order_changed(envelope)
            if envelope.traceparent and self._published > before:
                span = trace.span_for(envelope.traceparent)
                tell({"event_name": envelope.name, **log.ended(span, time.perf_counter() - began)})

    def _order_changed(self, envelope: Envelope) -> None:
        owner = decode_owner(envelope.body).order.account_id
        stream = self._streams.followed("orders", owner)
        if stream is None:
            return
        event = envelope.event
        if isinstance(event, orders.OrderEvent):
            fill = getattr(event, "fill", None)
            shown = {"event": event.name, "order": order_json(event.order), "fill": fill_json(fill) if fill else None}
            if isinstance(event, orders.TradeCorrected):
                shown["taken_back"] = fill_json(event.taken_back)
            self._published += 1
            stream.publish(encode(shown))

    def _sessions_revoked(self, event: auth.SessionsRevoked) -> None:
        self._sessions.revoke(event.user_id, event.session_ids)

    def _user_blocked(self, event: auth.UserBlocked) -> None:
        if event.blocked:
            self._sessions.revoke(event.user_id)

    def _instrument(self, event: market_data.InstrumentListed | market_data.InstrumentChanged) -> None:
        self._instruments[event.symbol] = event.instrument

    def _message_posted(self, event: chat.MessagePosted | chat.FirstMessagePosted) -> None:
        self._tell_message(ChatMessage(**asdict(event)))

    def _message_changed(self, event: chat.MessageEdited | chat.MessageReacted | chat.MessageRemoved) -> None:
        self._tell_message(event.message)

    def _tell_message(self, message: ChatMessage) -> None:
        self._publish(f"chat:{message.topic_id}", "", message_json(message))

    def _bar_closed(self, event: market_data.BarClosed) -> None:
        terms = self._instruments.get(event.symbol)
        if event.bar.interval == "1m" and terms is not None:
            self._publish(f"candles:{event.symbol}:1m", "", bar_json(event.bar, terms, closed=True))

    def _notified(self, event: notifications.NotificationCreated) -> None:
        shown = {
            "id": event.notification_id,
            "kind": event.kind,
            "title": event.title,
            "text": event.text,
            "read": False,
            "created_at": rfc3339(event.created),
        }
        self._publish("notifications", event.user_id, shown)

    def _position_changed(self, event: portfolio.PositionChanged) -> None:
        minor = CURRENCY_SCALES[event.currency]
        shown = {
            "symbol": event.symbol,
            "quantity": text(event.quantity, event.quantity_scale),
            "cost": text(event.cost, minor),
            "realised": text(event.realised, minor),
            "currency": event.currency,
            "cash": text(event.cash, minor),
            "order_id": event.order_id,
            "fill_id": event.fill_id,
        }
        self._publish("portfolio", event.account_id, shown)

    def _signal_raised(self, event: recommendations.SignalRaised) -> None:
        self._publish("signals", "", recommendations.signal_json(event))

    def _publish(self, channel: str, user_id: str, shown: object) -> None:
        stream = self._streams.followed(channel, user_id)
        if stream is not None:
            self._published += 1
            stream.publish(encode(shown))
