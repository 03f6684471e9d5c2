"""Our copy of the instruments: filled at the start, kept by events."""

from collections.abc import Sequence

from msgspec.structs import replace

from services.contracts.envelope import Envelope
from services.contracts.events.market_data import (
    InstrumentChanged,
    InstrumentHalted,
    InstrumentListed,
    ReferencePrice,
    SessionChanged,
)
from services.contracts.instruments import Instrument, ListedInstrument, Status
from services.kernel.uow import UnitOfWork
from services.orders.domain.order import Listing
from services.orders.store import Connection
from services.orders.store import instruments as store


async def known(connection: Connection) -> dict[str, Instrument]:
    """Every instrument, as we have it."""
    return await store.all_instruments(connection)


async def fill(uow: UnitOfWork, listed: Sequence[ListedInstrument]) -> None:
    """Write the whole copy."""
    if listed:
        await store.put(uow, [Listing(instrument=_plain(each), reference=each.reference) for each in listed])


def _plain(listed: ListedInstrument) -> Instrument:
    return Instrument(**{name: getattr(listed, name) for name in Instrument.__struct_fields__})


async def on_instrument(uow: UnitOfWork, event: InstrumentListed | InstrumentChanged, _: Envelope) -> None:
    """New terms; the reference price comes by its own event."""
    known = await store.listings(uow.connection, [event.symbol])
    if event.symbol in known:
        await store.change(uow, event.instrument)
    else:
        await store.put(uow, [Listing(instrument=event.instrument)])


async def on_session_changed(uow: UnitOfWork, event: SessionChanged, _: Envelope) -> None:
    """The market opened, closed or went to an auction."""
    await _set_status(uow, event.symbol, event.status)


async def on_halted(uow: UnitOfWork, event: InstrumentHalted, _: Envelope) -> None:
    """Trading stopped; session_changed says when it goes on."""
    await _set_status(uow, event.symbol, "halted")


async def on_reference_price(uow: UnitOfWork, event: ReferencePrice, _: Envelope) -> None:
    """The band moves."""
    await store.set_reference(uow, event.symbol, event.price)


async def _set_status(uow: UnitOfWork, symbol: str, status: Status) -> None:
    for listing in (await store.listings(uow.connection, [symbol])).values():
        await store.change(uow, replace(listing.instrument, status=status))
