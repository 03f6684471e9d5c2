"""The acceptor that the acceptance definitions play against: echoes orders, drops a PossResend it has seen."""

from collections.abc import Sequence

from services.fix import tags
from services.fix.message import Body, Message
from services.fix.session import Exchange, Role, SessionNumbers, SessionSettings, StoredMessage
from services.fix.session.outgoing import HEADER_TAGS
from services.fix.store import MemoryStore

SETTINGS = SessionSettings(
    role=Role.ACCEPTOR,
    sender_comp_id="ISLD",
    target_comp_id="TW44",
    application=frozenset("Dd"),
    reset_on_logon=True,
)


class Echo:
    """Returns every application message with its fields in the order of their tags."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.seen = set[bytes | None]()

    async def load(self) -> SessionNumbers:
        return self.store.load()

    async def commit(self, exchange: Exchange) -> None:
        if exchange.reset:
            self.seen.clear()
        exchange.send([echoed(message) for message in exchange.delivered if self.is_new(message)])
        self.store.keep(exchange)

    def is_new(self, message: Message) -> bool:
        order = message.get(tags.ClOrdID)
        known = order in self.seen and message.poss_resend
        self.seen.add(order)
        return not known

    async def stored(self, begin: int, end: int) -> Sequence[StoredMessage]:
        return self.store.stored(begin, end)

    async def synchronised(self) -> None:
        raise AssertionError("an acceptor does not say so")


def echoed(message: Message) -> Body:
    fields = [(tag, value) for tag, value in message.fields if tag not in HEADER_TAGS]
    fields.sort(key=lambda field: (field[0] != tags.PossResend, field[0]))
    return Body(message.msg_type, fields)
