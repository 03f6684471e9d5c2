"""A user's watchlist, replaced as a whole; the instruments on it are known by a copy of market data's."""

from collections.abc import Sequence

from services.auth import store
from services.auth.domain.watchlists import Watchlist, check
from services.auth.store import watchlists
from services.contracts.envelope import Envelope
from services.contracts.errors import DomainError
from services.contracts.events.market_data import InstrumentChanged, InstrumentListed
from services.contracts.instruments import Instrument
from services.kernel.consumer import Handlers
from services.kernel.copies import Copy
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork


async def replace(uow: UnitOfWork, user_id: str, symbols: Sequence[str], most: int) -> Watchlist:
    """The watchlist from now on; again changes nothing but the time."""
    known = await watchlists.known_symbols(uow)
    if symbols and not known:
        raise DomainError("unavailable", 503, "the instruments are not known yet: try again in a moment")
    check(symbols, known, most)
    await watchlists.keep(uow, user_id, symbols)
    uow.wrote_of(user_id)
    return Watchlist(symbols=tuple(symbols), changed=uow.wall)


async def keep_instrument(uow: UnitOfWork, event: InstrumentListed | InstrumentChanged, _: Envelope) -> None:
    """Keep the copy of an instrument's terms."""
    await watchlists.keep_instruments(uow, [event.instrument])


CONSUMES: Handlers = {InstrumentListed: keep_instrument, InstrumentChanged: keep_instrument}


def instruments(service: Service) -> Copy[Instrument]:
    """Our copy, to be filled; nobody waits for it to log in."""
    table = store.metadata.tables["instruments"]
    return Copy(service, "market_data", "/internal/instruments", list[Instrument], watchlists.keep_instruments, table)
