"""What one transaction keeps: the messages that one read brought, those sent for them, the numbers after both."""

from collections.abc import Iterable

from services.fix.message import Body, Message
from services.fix.session.effects import Deliver, Effect, Reset, Send
from services.fix.session.machine import Session
from services.fix.session.settings import SessionNumbers, StoredMessage


class AbandonedError(ConnectionError):
    """Who began the exchange waits for its transaction no longer: nothing of it may be kept."""


class Exchange:
    """Collects effects; nothing of it has reached the wire, and none of it may before it is kept."""

    def __init__(self, session: Session, now: int) -> None:
        self.now = now
        """Wall time, microseconds: SendingTime of what is sent here."""
        self.effects: list[Effect] = []
        self._live: Session | None = session
        self._before = session.numbers
        self._unsent: tuple[int, int] | None = None

    @property
    def _session(self) -> Session:
        if self._live is None:
            raise AbandonedError("the exchange was given up")
        return self._live

    def abandon(self) -> None:
        """Its transaction failed, or goes on without who began it: another exchange may have changed the session."""
        self._live = None

    @property
    def delivered(self) -> list[Message]:
        """Application messages that came, in order."""
        return [effect.message for effect in self.effects if isinstance(effect, Deliver)]

    def send(self, bodies: Iterable[Body]) -> None:
        """Number and frame application messages."""
        if self._unsent is None:
            self._unsent = len(self.effects), self.numbers.next_out
        for body in bodies:
            self.effects += self._session.send(body, self.now)

    def rewind(self) -> None:
        """Take every send() back: for a transaction that is repeated, as after a deadlock."""
        if self._unsent is not None:
            count, next_out = self._unsent
            del self.effects[count:]
            self._session.take_back(next_out)
            self._unsent = None

    @property
    def sent(self) -> list[StoredMessage]:
        """Application messages to keep for a resend; to be read after the last send()."""
        kept: list[StoredMessage] = []
        for effect in self.effects:
            if isinstance(effect, Reset):
                kept.clear()
            elif isinstance(effect, Send) and effect.keep:
                kept.append(StoredMessage(effect.seq, effect.frame))
        return kept

    @property
    def reset(self) -> bool:
        """Whether everything kept before is to be forgotten first."""
        return any(isinstance(effect, Reset) for effect in self.effects)

    @property
    def numbers(self) -> SessionNumbers:
        """To be kept; to be read after the last send()."""
        return self._session.numbers

    @property
    def changed(self) -> bool:
        """Whether there is anything to keep or to do."""
        return bool(self.effects) or self.numbers != self._before
