"""What notifications do: turn events into messages, keep what became of their deliveries."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from services.contracts import money
from services.contracts.envelope import Envelope
from services.contracts.errors import DomainError
from services.contracts.event import Event
from services.contracts.events import auth, chat, orders, portfolio
from services.contracts.events.notifications import NotificationCreated
from services.contracts.ids import new_id
from services.contracts.orders import Fill
from services.kernel.consumer import Handlers, Together
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork
from services.notifications.domain import Message, order_message, plain_message, reason_of
from services.notifications.domain.preferences import BY_MAIL_ALONE, channels_of
from services.notifications.handlers.pushes import pushes_of
from services.notifications.store import messages as store
from services.notifications.store.messages import Profile
from services.notifications.store.pushes import deliver

ORDERS: dict[type[Event], str] = {
    orders.OrderFilled: "order_filled",
    orders.OrderCancelled: "order_cancelled",
    orders.OrderRejected: "order_rejected",
    orders.OrderExpired: "order_expired",
    orders.TradeBusted: "trade_busted",
    orders.TradeCorrected: "trade_corrected",
}
"""Which order events are told, and as what."""
EXCERPT = 500
"""Characters of a message that a notification shows."""
WITHDRAWALS: dict[type[Event], str] = {
    portfolio.WithdrawalSettled: "withdrawal_settled",
    portfolio.WithdrawalDeclined: "withdrawal_declined",
}


class Notifier:
    """Turns events into notifications; ``wake`` tells who sends that there is something, ``count`` hears the kinds."""

    def __init__(self, wake: Callable[[], None], count: Callable[[Sequence[str]], None]) -> None:
        self._wake = wake
        self._count = count

    @property
    def consumes(self) -> Handlers:
        """Which event is told how."""
        return {
            auth.UserRegistered: self.send_code,
            auth.UserVerified: self.welcome,
            auth.ProfileChanged: keep_profile,
            chat.UserMentioned: Together(self.tell_mentions),
            orders.CashCredited: Together(self.tell_deposits),
            **dict.fromkeys(WITHDRAWALS, Together(self.tell_withdrawals)),
            **dict.fromkeys(ORDERS, Together(self.tell_orders)),
        }

    async def tell_orders(self, uow: UnitOfWork, events: Sequence[tuple[orders.OrderEvent, Envelope]]) -> None:
        """Tell what became of orders."""
        known = await profiles(uow, [event.order.account_id for event, _ in events])
        told = []
        for event, envelope in events:
            language = known[event.order.account_id].language
            told.append((order_message(ORDERS[type(event)], language, event.order, *amended(event)), envelope))
        await self.send(uow, told, known)

    async def tell_mentions(self, uow: UnitOfWork, events: Sequence[tuple[chat.UserMentioned, Envelope]]) -> None:
        """Tell who was named in the forum."""
        known = await profiles(uow, [event.user_id for event, _ in events])
        told = []
        for event, envelope in events:
            facts = {"author": event.author, "topic": event.title, "text": event.text[:EXCERPT]}
            language = known[event.user_id].language
            told.append((plain_message(event.user_id, "user_mentioned", language, facts), envelope))
        await self.send(uow, told, known)

    async def tell_deposits(self, uow: UnitOfWork, events: Sequence[tuple[orders.CashCredited, Envelope]]) -> None:
        """Tell that deposits are on the account."""
        known = await profiles(uow, [event.account_id for event, _ in events])
        told = []
        for event, envelope in events:
            facts = {"asset": event.asset, "amount": money.text(event.amount, event.scale)}
            language = known[event.account_id].language
            told.append((plain_message(event.account_id, "deposit_credited", language, facts), envelope))
        await self.send(uow, told, known)

    async def tell_withdrawals(
        self, uow: UnitOfWork, events: Sequence[tuple[portfolio.WithdrawalEvent, Envelope]]
    ) -> None:
        """Tell that money has left the account, or why it has not."""
        known = await profiles(uow, [event.account_id for event, _ in events])
        told = []
        for event, envelope in events:
            language = known[event.account_id].language
            facts = {"asset": event.asset, "amount": money.text(event.amount, event.scale)}
            if isinstance(event, portfolio.WithdrawalDeclined):
                facts["reason"] = reason_of(event.reason, language)
            told.append((plain_message(event.account_id, WITHDRAWALS[type(event)], language, facts), envelope))
        await self.send(uow, told, known)

    async def send_code(self, uow: UnitOfWork, event: auth.UserRegistered, envelope: Envelope) -> None:
        """The code goes to the address that was given, and is shown nowhere else."""
        facts = {"display_name": event.display_name, "code": event.code}
        message = plain_message(event.user_id, "verification", event.language, facts, in_app=False)
        await self.send(uow, [(message, envelope)], {event.user_id: Profile(event.email, event.language)})

    async def welcome(self, uow: UnitOfWork, event: auth.UserVerified, envelope: Envelope) -> None:
        """The account is open."""
        known = await profiles(uow, [event.user_id])
        message = plain_message(event.user_id, "welcome", known[event.user_id].language, {})
        await self.send(uow, [(message, envelope)], known)

    async def send(
        self, uow: UnitOfWork, told: Sequence[tuple[Message, Envelope]], known: Mapping[str, Profile]
    ) -> None:
        """Keep the notifications, and what is to be sent by the channels chosen; say that there is something new."""
        rows, mails, pushed = [], [], []
        for message, envelope in told:
            reader = known[message.user_id]
            channels = channels_of(reader.choices, message.kind) if message.in_app else BY_MAIL_ALONE
            if not channels:
                continue
            span = uow.spans.get(envelope.id)
            row = row_of(message, uow.wall, span and span.traceparent, in_app="in_app" in channels)
            rows.append(row)
            if "email" in channels:
                mails.append(mail_of(row["notification_id"], reader.email, uow.wall, message))
            if "push" in channels:
                pushed += pushes_of(row["notification_id"], reader.subscriptions, uow.wall)
            if "in_app" in channels:
                uow.emit(created(row), cause=envelope)
        await store.add(uow, rows, mails)
        await deliver(uow, pushed)
        uow.after_commit(partial(self._count, [row["kind"] for row in rows]))
        uow.after_commit(self._wake)


def amended(event: orders.OrderEvent) -> tuple[Fill | None, Fill | None]:
    """What takes a fill back, and what that was."""
    if isinstance(event, orders.TradeCorrected):
        return event.taken_back, event.fill
    return (event.fill if isinstance(event, orders.TradeBusted) else None), None


async def profiles(uow: UnitOfWork, user_ids: Sequence[str]) -> dict[str, Profile]:
    """The users' profiles; LookupError, and so another try, while one has not come yet."""
    known = await store.profiles_of(uow, user_ids)
    missing = set(user_ids) - known.keys()
    if missing:
        raise LookupError(f"no profile of {', '.join(sorted(missing))} yet")
    return known


async def keep_profile(uow: UnitOfWork, event: auth.ProfileChanged, _: Envelope) -> None:
    """Keep where and how to reach a user."""
    await store.keep_profile(uow, event.user_id, event.email, event.language)


def row_of(message: Message, wall: int, traceparent: str | None, *, in_app: bool) -> dict[str, Any]:
    return {
        "notification_id": new_id(),
        "user_id": message.user_id,
        "kind": message.kind,
        "title": message.title,
        "text": message.text,
        "in_app": int(in_app),
        "read": 0,
        "created": wall,
        "traceparent": traceparent,
    }


def mail_of(notification_id: str, address: str, wall: int, message: Message) -> dict[str, Any]:
    return {
        "notification_id": notification_id,
        "channel": "mail",
        "address": address,
        "status": "pending",
        "urgent": int(not message.in_app),
        "attempts": 0,
        "due": wall,
        "error": None,
    }


def created(row: dict[str, Any]) -> NotificationCreated:
    names = ("notification_id", "user_id", "kind", "title", "text", "created")
    return NotificationCreated(**{name: row[name] for name in names})


async def due(database: Database, now: int, most: int) -> list[dict[str, Any]]:
    """Deliveries to be tried now, with what they carry."""
    async with database.reading() as connection:
        return [dict(row) for row in await store.due(connection, now, most)]


async def count_due(database: Database, now: int) -> int:
    """How many deliveries are to be tried now."""
    async with database.reading() as connection:
        return await store.count_due(connection, now)


def outcome(
    row: Mapping[str, Any], status: str, attempts: int, due_at: int, error: str | None = None
) -> dict[str, Any]:
    """What became of a delivery; ``due_at`` is when it is tried again, wall time in microseconds."""
    return {
        "of_notification": row["notification_id"],
        "of_channel": row["channel"],
        "new_status": status,
        "tries": attempts,
        "next_due": due_at,
        "why": error,
    }


async def settle(uow: UnitOfWork, outcomes: list[dict[str, Any]]) -> None:
    """Keep what became of deliveries."""
    await store.settle(uow, outcomes)


async def mark_read(uow: UnitOfWork, user_id: str, ids: Sequence[str]) -> int:
    """Mark notifications as read; another user's are not found."""
    found = await store.mark_read(uow, user_id, ids)
    if found < len(set(ids)):
        raise DomainError("not_found", 404, "there is no such notification")
    return found
