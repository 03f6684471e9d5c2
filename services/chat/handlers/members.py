"""Who is called what."""

from services.chat.store import members as store
from services.contracts.envelope import Envelope
from services.contracts.events.auth import ProfileChanged
from services.kernel.consumer import Handlers
from services.kernel.uow import UnitOfWork


async def learn_name(uow: UnitOfWork, event: ProfileChanged, _: Envelope) -> None:
    """Keep what a user is called."""
    await store.keep(uow, event.user_id, event.display_name)
    uow.wrote_of(event.user_id)


CONSUMES: Handlers = {ProfileChanged: learn_name}
