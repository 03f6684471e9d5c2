"""What a client of the WebSocket may ask for, and what it gets."""

import asyncio

import jwt
import msgspec

from services.bff.domain.channels import Channel, parse
from services.bff.handlers.market import Markets
from services.bff.handlers.rates import Rate
from services.bff.handlers.session import TOO_MANY, TRY_AGAIN, UNAUTHORISED, Session, Sessions
from services.bff.handlers.streams import Streams
from services.contracts.errors import DomainError
from services.kernel.security import Verifier
from services.kernel.settings import Bff


class Command(msgspec.Struct, forbid_unknown_fields=True):
    """A client's message: a token, or what to follow from now on or no more."""

    token: str | None = None
    op: str | None = None
    channels: list[str] = []


DECODER = msgspec.json.Decoder(Command)


class Desk:
    """Serves all clients' commands."""

    def __init__(
        self, verifier: Verifier, sessions: Sessions, markets: Markets, streams: Streams, rate: Rate, settings: Bff
    ) -> None:
        self.settings = settings
        self.tally = sessions.tally
        self._verifier = verifier
        self._sessions = sessions
        self._markets = markets
        self._streams = streams
        self._rate = rate

    async def enter(self, session: Session, text: str | bytes) -> None:
        """The first message must be a good token; else the connection ends."""
        try:
            command = DECODER.decode(text)
        except msgspec.MsgspecError:
            command = Command()
        if not await self._identify(session, command.token or ""):
            return
        if not self._sessions.add(session):
            session.close(TOO_MANY, "too many connections")

    def exit(self, session: Session) -> None:
        """The connection is gone."""
        session.end()
        self._sessions.remove(session)

    async def take(self, session: Session, text: str | bytes) -> None:
        """One command of a client that is known; its error is its own."""
        try:
            await self._rate.count(session.principal.user_id)
            await self._obey(session, DECODER.decode(text))
        except msgspec.MsgspecError as error:
            session.refuse(None, "malformed", str(error))
        except DomainError as error:
            session.refuse(None, error.code, error.detail)

    async def _obey(self, session: Session, command: Command) -> None:
        if command.token is not None:
            await self._identify(session, command.token)
        elif command.op == "subscribe":
            await asyncio.gather(*(self._subscribe(session, name) for name in dict.fromkeys(command.channels)))
        elif command.op == "unsubscribe":
            for name in command.channels:
                session.leave(name)
                session.say({"type": "unsubscribed", "channel": parse(name).name})
        else:
            raise DomainError("malformed", 422, "op is subscribe or unsubscribe")

    async def _identify(self, session: Session, token: str) -> bool:
        """Check a token: the first one, or one that lets the same user stay longer."""
        try:
            principal = await self._verifier.verify(token)
        except DomainError as error:
            session.close(UNAUTHORISED if error.status == 401 else TRY_AGAIN, error.detail)
            return False
        if session.principal.user_id not in ("", principal.user_id):
            session.close(UNAUTHORISED, "this is another user's token")
            return False
        expires = jwt.decode(token, options={"verify_signature": False})["exp"]
        session.authenticate(principal, token, expires)
        return True

    async def _subscribe(self, session: Session, name: str) -> None:
        try:
            channel = parse(name)
            if channel.name in session.subscriptions:
                raise DomainError("subscribed", 409, "this channel is followed already")
            if len(session.subscriptions) >= self.settings.subscriptions_per_connection:
                raise DomainError("too_many_subscriptions", 429, "too many channels on one connection")
            await self._join(session, channel)
        except DomainError as error:
            session.refuse(name[:100], error.code, error.detail)

    async def _join(self, session: Session, channel: Channel) -> None:
        if channel.kind in ("book", "trades"):
            await self._markets.join(session, channel)
        else:
            await self._streams.join(session, channel)
