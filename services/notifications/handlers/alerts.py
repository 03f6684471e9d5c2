"""Alerts: made and forgotten by their users, fired by prices.

Quotes come live, once a second a symbol, and may be lost; closed minutes come by the broker and are not. So an alert
fires at once, and a price that no quote has shown, or that came while nobody listened, fires it after its minute.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from msgspec.structs import asdict

from services.contracts import money
from services.contracts.envelope import Envelope
from services.contracts.errors import DomainError
from services.contracts.events.market_data import BarClosed, InstrumentChanged, InstrumentListed, QuoteSnapshot
from services.contracts.ids import new_id
from services.contracts.instruments import Instrument
from services.kernel.copies import Copy
from services.kernel.database import Database
from services.kernel.lost import is_lost
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.notifications.domain import plain_message
from services.notifications.domain.alerts import (
    PER_CENT_SCALE,
    WHOLE,
    Alert,
    Condition,
    Repeat,
    Sight,
    back_from,
    facts_of,
    reached,
    sight_of_bar,
    sight_of_quote,
    watched,
)
from services.notifications.domain.messages import Message
from services.notifications.store import alerts as store
from services.notifications.store import metadata
from services.notifications.store.messages import Profile, profiles_of
from services.runtime import log

HIGHEST = 10**17
"""A price, or a change, that databases still know as a number."""
Send = Callable[[UnitOfWork, Sequence[tuple[Message, Envelope]], dict[str, Profile]], Awaitable[None]]


class Alerts:
    """What prices do to alerts."""

    def __init__(self, database: Database, send: Send) -> None:
        """``send`` is the notifier's."""
        self._database = database
        self._send = send
        self._log = log.logger("notifications")

    async def on_quotes(self, envelopes: Sequence[Envelope] | None) -> None:
        """Quotes as they come; those that were lost are followed by newer ones."""
        for envelope in envelopes or ():
            event = envelope.event
            sight = sight_of_quote(event.quote) if isinstance(event, QuoteSnapshot) else None
            if sight is not None:
                await self._look(sight, envelope)

    async def on_bars(self, uow: UnitOfWork, events: Sequence[tuple[BarClosed, Envelope]]) -> None:
        """Minutes that have ended."""
        for event, envelope in events:
            sight = sight_of_bar(event.bar)
            if sight is not None:
                await self.fire(uow, sight, envelope)

    async def fire(self, uow: UnitOfWork, sight: Sight, envelope: Envelope) -> None:
        """Each alert that waited for this price: fired, or armed again; one of an unknown user goes on waiting."""
        found = await store.crossed(uow.connection, sight)
        known = await profiles_of(uow, [alert.user_id for alert in found]) if found else {}
        told = []
        for alert in found:
            if alert.user_id not in known or not await store.turn(uow, alert, reached(alert, sight.time)):
                continue
            if alert.armed:
                language = known[alert.user_id].language
                message = plain_message(alert.user_id, f"alert_{alert.condition}", language, facts_of(alert, sight))
                told.append((message, envelope))
        if told:
            await self._send(uow, told, known)

    async def _look(self, sight: Sight, envelope: Envelope) -> None:
        """A transaction only where there is something to be written."""
        try:
            async with self._database.reading() as connection:
                found = await store.crossed(connection, sight)
            if found:
                await self._database.transact(self.fire, sight, envelope)
        except Exception as error:
            if not is_lost(error):
                raise
            self._log.warning("a quote is not looked at", symbol=sight.symbol, error=str(error))


async def keep_instrument(uow: UnitOfWork, event: InstrumentListed | InstrumentChanged, _: Envelope) -> None:
    """Keep the copy of an instrument's terms."""
    await store.keep_instruments(uow, [event.instrument])


def instruments(service: Service) -> Copy[Instrument]:
    """Our copy of the instruments' terms, to be filled."""
    table = metadata.tables["instruments"]
    return Copy(service, "market_data", "/internal/instruments", list[Instrument], store.keep_instruments, table)


async def add(
    uow: UnitOfWork,
    user_id: str,
    symbol: str,
    condition: Condition,
    threshold: str,
    repeat: Repeat,
    back: int,
    most: int,
) -> dict[str, Any]:
    """A new alert, armed from now on; ``back`` is how far back arms it again, ``most`` how many a user may have."""
    instrument = await store.instrument(uow.connection, symbol)
    if instrument is None:
        raise DomainError("unknown_symbol", 422, f"no instrument is called {symbol}", field="symbol")
    level = level_of(condition, threshold, instrument)
    alert = Alert(
        alert_id=new_id(),
        user_id=user_id,
        symbol=symbol,
        currency=instrument.currency,
        price_scale=instrument.price_scale,
        condition=condition,
        threshold=level,
        rearm_at=back_from(condition, level, back),
        repeat=repeat,
        created=uow.now,
        armed=True,
        watch=watched(condition, armed=True),
        level=level,
        since=uow.now,
    )
    if not await store.add(uow, alert, most):
        raise DomainError("too_many_alerts", 422, f"{most} alerts are the most: delete one")
    return asdict(alert)


def level_of(condition: Condition, threshold: str, instrument: Instrument) -> int:
    """The threshold as an integer: a price in the instrument's scale, or hundredths of a per cent."""
    of_price = condition.startswith("price")
    try:
        level = money.parse(threshold, instrument.price_scale if of_price else PER_CENT_SCALE)
    except ValueError as error:
        raise DomainError("invalid_threshold", 422, str(error), field="threshold") from error
    lowest, what = (0, "a price is above 0") if of_price else (-WHOLE, "a change is above -100 per cent")
    if not lowest < level < HIGHEST:
        raise DomainError("invalid_threshold", 422, f"{what}, and not beyond all measure", field="threshold")
    return level


async def remove(uow: UnitOfWork, user_id: str, alert_id: str) -> None:
    """Forget a user's alert; another user's is not found."""
    if not await store.remove(uow, user_id, alert_id):
        raise DomainError("not_found", 404, "there is no such alert")
