"""What users choose of what they are told."""

from collections.abc import Mapping

from services.contracts.errors import DomainError
from services.kernel.uow import UnitOfWork
from services.notifications.domain.preferences import CHANNELS, KINDS_TO_CHOOSE, SECURITY, Channel, Choices
from services.notifications.store import preferences as store


async def choose(uow: UnitOfWork, user_id: str, wanted: Mapping[str, Mapping[Channel, bool]]) -> Choices:
    """Keep by which channels a user wants to be told what; kinds that are not named go by all of them."""
    for kind, switches in wanted.items():
        if kind not in KINDS_TO_CHOOSE:
            raise DomainError("unknown_kind", 422, "notifications are of no such kind", field="kinds")
        if kind in SECURITY and not switches["email"]:
            raise DomainError("security_mail", 422, f"mail about {kind} cannot be switched off", field="kinds")
    chosen = {kind: tuple(name for name in CHANNELS if switches[name]) for kind, switches in wanted.items()}
    choices = {kind: channels for kind, channels in chosen.items() if channels != CHANNELS}
    await store.keep(uow, user_id, choices)
    return choices
