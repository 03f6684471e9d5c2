"""What an account's owner is told of its safety, whatever else he wants to be told."""

from collections.abc import Awaitable, Callable, Sequence

from services.contracts.clock import SECOND
from services.contracts.envelope import Envelope
from services.contracts.events import auth
from services.contracts.times import rfc3339
from services.kernel.consumer import Handlers
from services.kernel.uow import UnitOfWork
from services.notifications.domain import Message, plain_message
from services.notifications.handlers.messages import profiles
from services.notifications.store.messages import Profile

Send = Callable[[UnitOfWork, Sequence[tuple[Message, Envelope]], dict[str, Profile]], Awaitable[None]]


class Security:
    """Turns auth's events into mail that nobody can switch off."""

    def __init__(self, send: Send) -> None:
        """``send`` is the notifier's."""
        self._send = send

    @property
    def consumes(self) -> Handlers:
        """Which event is told how."""
        return {
            auth.LoginLocked: self.login_locked,
            auth.PasswordForgotten: self.password_forgotten,
            auth.PasswordChanged: self.password_changed,
            auth.SecondFactorChanged: self.second_factor_changed,
        }

    async def login_locked(self, uow: UnitOfWork, event: auth.LoginLocked, envelope: Envelope) -> None:
        """Somebody is guessing; when the owner can come in again."""
        facts = {"failures": str(event.failures), "until": minute_after(event.until)}
        await self._tell(uow, event, envelope, facts)

    async def password_forgotten(self, uow: UnitOfWork, event: auth.PasswordForgotten, envelope: Envelope) -> None:
        """The code goes to the address, and is shown nowhere else."""
        known = await profiles(uow, [event.user_id])
        language = known[event.user_id].language
        message = plain_message(event.user_id, "password_reset", language, {"code": event.code}, in_app=False)
        await self._send(uow, [(message, envelope)], known)

    async def password_changed(self, uow: UnitOfWork, event: auth.PasswordChanged, envelope: Envelope) -> None:
        """Who has not done it himself must know at once."""
        await self._tell(uow, event, envelope, {})

    async def second_factor_changed(self, uow: UnitOfWork, event: auth.SecondFactorChanged, envelope: Envelope) -> None:
        """As a new password: it decides who gets in."""
        await self._tell(uow, event, envelope, {}, kind=f"second_factor_{'on' if event.enabled else 'off'}")

    async def _tell(
        self, uow: UnitOfWork, event: auth.UserEvent, envelope: Envelope, facts: dict[str, str], kind: str = ""
    ) -> None:
        known = await profiles(uow, [event.user_id])
        message = plain_message(event.user_id, kind or event.name, known[event.user_id].language, facts)
        await self._send(uow, [(message, envelope)], known)


def minute_after(moment: int) -> str:
    """The first whole minute that is not before a moment, as people write it."""
    whole = -(-moment // (60 * SECOND)) * 60 * SECOND
    return f"{rfc3339(whole)[:16].replace('T', ' ')} UTC"
