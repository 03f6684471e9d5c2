"""The FIX session's application: what one read of the wire brings is one transaction of ours."""

import time
from collections.abc import Callable, Sequence

from services.contracts.instruments import Instrument
from services.fix import messages, tags
from services.fix.message import Message
from services.fix.messages import Reject
from services.fix.session import Exchange, Role, SessionNumbers, SessionSettings, StoredMessage
from services.kernel.service import Service
from services.orders.gateway import answers
from services.orders.gateway.answers import Answer
from services.orders.gateway.executions import SENDER
from services.orders.gateway.telling import Telling
from services.orders.handlers import instruments, session

SETTINGS = SessionSettings(
    role=Role.INITIATOR,
    sender_comp_id=SENDER,
    target_comp_id="BROKER",
    application=messages.ORDER_REPORTS,
)
NAME = f"{SETTINGS.sender_comp_id}-{SETTINGS.target_comp_id}"
Lost = Callable[[frozenset[str]], None]


class FixApplication:
    """See services.fix.transport.Application; ``on_lost`` is told of orders that miss fills."""

    def __init__(
        self,
        service: Service,
        telling: Telling,
        fence: session.Fence,
        on_synchronised: Callable[[], None],
        on_lost: Lost,
    ) -> None:
        self._fence = fence
        self._on_synchronised = on_synchronised
        self._on_lost = on_lost
        self._database = service.database
        self._clock = service.clock
        self._log = service.log
        self._telling = telling
        self._instruments: dict[str, Instrument] = {}

    async def load(self) -> SessionNumbers:
        """The numbers as kept last."""
        async with self._database.reading() as connection:
            return await session.numbers(connection, NAME)

    async def stored(self, begin: int, end: int) -> Sequence[StoredMessage]:
        """What was sent under these numbers."""
        async with self._database.reading() as connection:
            return await session.stored(connection, NAME, begin, end)

    async def synchronised(self) -> None:
        """Both sides have finished their resends."""
        self._on_synchronised()

    async def commit(self, exchange: Exchange) -> None:
        """Apply what was read and keep the session's numbers."""
        began = time.perf_counter()
        found = [await self._answer(message) for message in exchange.delivered]
        received = await self._database.transact(
            session.receive,
            self._fence,
            NAME,
            exchange,
            [answer.report for answer in found if answer.report],
            [answer.status for answer in found if answer.status],
        )
        self._telling.reported(received.told, time.perf_counter() - began)
        if received.missing:
            self._on_lost(received.missing)

    async def _answer(self, message: Message) -> Answer:
        now = self._clock.now()
        if message.msg_type == Reject.MSG_TYPE:
            return await self._session_reject(message, now)
        symbol = message.text(tags.Symbol)
        if symbol is not None and symbol not in self._instruments:
            async with self._database.reading() as connection:
                self._instruments = await instruments.known(connection)
        return answers.answer_of(message, self._instruments, now)

    async def _session_reject(self, message: Message, now: int) -> Answer:
        """A message of ours broke the standard: what it asked for is refused."""
        self._log.error("session reject", fix=repr(message))
        number = Reject.of(message).ref_seq_num
        stored = await self.stored(number, number)
        return Answer(report=answers.refused_frame(stored[0].frame, now)) if stored else Answer()
