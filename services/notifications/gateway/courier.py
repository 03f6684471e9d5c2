"""Sends what is due, round after round; what fails is tried again, later and later.

Of several processes one is the courier at a time, so that each message leaves once.
"""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any

from services.kernel.lease import Lease
from services.kernel.lost import is_lost
from services.kernel.service import Service
from services.notifications import handlers
from services.notifications.gateway.figures import GIVEN_UP, Figures
from services.runtime import log, trace
from services.runtime.clock import wall

IDLE = 1.0
"""Seconds after which due messages are looked for unasked."""
LONGEST_ERROR = 500
Row = dict[str, Any]


class Courier(ABC):
    """``run`` is a loop for life; ``wake`` tells it that there is something to send."""

    channel = ""

    def __init__(self, service: Service, figures: Figures, name: str, attempts: int, backoff: float) -> None:
        """``attempts`` until a message is given up, ``backoff`` seconds before the second, doubled for each later."""
        self._service = service
        self._figures = figures
        self._name = name
        self._attempts = attempts
        self._backoff = backoff
        self._lease = Lease(service.database, name, service.log)
        self._woken = asyncio.Event()
        self._tell = log.line(service.name, "delivery")
        self._outcomes: list[Row] = []
        """What became of messages, until that is written: a database that is lost meanwhile makes none leave again."""

    def wake(self) -> None:
        """Something is due."""
        self._woken.set()

    async def run(self) -> None:
        """For life: be the courier whenever the lease is held."""
        await self._lease.run(self._send_for_life)

    @abstractmethod
    async def due(self) -> list[Row]:
        """What is to be tried now, a few at a time."""

    @abstractmethod
    async def send(self, rows: list[Row]) -> None:
        """Try them, and leave what became of each in ``_outcomes``."""

    @abstractmethod
    async def keep(self, outcomes: list[Row]) -> None:
        """Write what became of messages."""

    async def send_due(self) -> int:
        """Try what is due; how many messages that were."""
        await self._settle()
        due = await self.due()
        if due:
            await self.send(due)
            await self._settle()
        return len(due)

    async def _send_for_life(self) -> None:
        try:
            while True:
                self._woken.clear()
                if not await self._round():
                    await self._rest()
        finally:
            await self._settle()  # what left before it was told to end

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(IDLE):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _round(self) -> int:
        try:
            return await self.send_due()
        except Exception as error:
            if not is_lost(error):
                raise
            self._service.log.warning("messages wait", courier=self._name, error=str(error))
            return 0

    async def _attempt(self, row: Row, attempt: Coroutine[Any, Any, Row]) -> None:
        """One attempt, which comes to its end also when the courier is told to: what has left would leave again."""
        began = time.perf_counter()
        trying = asyncio.ensure_future(attempt)
        try:
            await asyncio.shield(trying)
        except asyncio.CancelledError:
            await asyncio.gather(trying, return_exceptions=True)
            raise
        finally:
            if not trying.cancelled() and trying.exception() is None:
                self._tried(row, trying.result(), began)

    def _tried(self, row: Row, outcome: Row, began: float) -> None:
        """What became of an attempt."""
        seconds = time.perf_counter() - began
        became = self._figures.tried(self.channel, outcome["new_status"], seconds)
        if row["traceparent"] is not None:
            self._told(row, became, seconds)
        self._outcomes.append(outcome)

    def _told(self, row: Row, became: str, seconds: float) -> None:
        """The span of an attempt, in the trace of what the message tells of."""
        span = log.ended(trace.span_for(row["traceparent"]), seconds)
        fields = {"kind": self.channel, "status": became, "notification_id": row["notification_id"], **span}
        if became == GIVEN_UP:
            self._service.log.error("delivery", **fields)
        else:
            self._tell(fields)

    async def _settle(self) -> None:
        if self._outcomes:
            await self.keep(self._outcomes)
            self._outcomes.clear()

    def _failed(self, row: Row, error: str, *, hopeless: bool = False, after: float = 0.0) -> Row:
        """Tried in vain: due again, not before so many seconds, or given up."""
        attempts = row["attempts"] + 1
        dead = hopeless or attempts >= self._attempts
        if dead:
            told = {"courier": self._name, "notification_id": row["notification_id"], "error": error}
            self._service.log.error("a message is set aside", **told)
        pause = max(after, self._backoff * 2 ** (attempts - 1))
        due = wall() + int(pause * 1_000_000)
        return handlers.outcome(row, "dead" if dead else "pending", attempts, due, error[:LONGEST_ERROR])
