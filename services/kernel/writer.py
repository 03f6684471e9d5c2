"""The one writer of a SQLite file: use cases that wait for it share a transaction.

Each has a savepoint, so that one that fails takes nothing with it; all answers come after the one commit. The events
of sixteen use cases then cost the outbox as many statements as those of one.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context, ContextVar, copy_context
from functools import partial
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from services.contracts.clock import Clock
from services.kernel import outbox
from services.kernel.sqlite import FileConnection, InlineConnection, connect
from services.kernel.uow import Publishes, UnitOfWork
from services.runtime.clock import wall
from services.runtime.killpoints import reach

T = TypeVar("T")
UseCase = Callable[[UnitOfWork], Coroutine[Any, Any, T]]
MOST = 64
"""Use cases that share a transaction at most."""

_turn: ContextVar["Turn[Any] | None"] = ContextVar("turn", default=None)
"""The use case that this code runs in."""


class Turn(Generic[T]):
    """A use case in its caller's context, and the future that the caller waits for."""

    __slots__ = ("answer", "context", "failure", "outcome", "uow", "use_case", "writer")

    def __init__(self, writer: "Writer", use_case: UseCase[T]) -> None:
        self.writer = writer
        self.use_case = use_case
        self.context = copy_context()
        self.context.run(_turn.set, self)
        self.outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.uow: UnitOfWork | None = None
        self.answer: T | None = None
        self.failure: BaseException | None = None

    def __await__(self) -> Generator[Any, Any, T]:
        """Drive the use case in the caller's context and the writer's task: a task of its own would cost two turns

        of the event loop, each with everybody else's work in it, while the transaction is open.
        """
        if self.uow is None:
            raise RuntimeError("a turn begins with its unit of work")
        coroutine = self.use_case(self.uow)
        step: Callable[[], Any] = partial(self.context.run, coroutine.send, None)
        while True:
            try:
                waited_for = step()
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            try:
                yield waited_for
                step = partial(self.context.run, coroutine.send, None)
            except BaseException as error:  # noqa: BLE001 (the use case decides what it means)
                step = partial(self.context.run, coroutine.throw, error)

    def tell(self) -> None:
        """Let the caller know, if it still waits."""
        # A turn and its context would hold each other, and all that the use case was given, until the collector comes.
        self.context.run(_turn.set, None)
        if self.outcome.done():
            return
        if isinstance(self.failure, asyncio.CancelledError):
            self.outcome.cancel()
        elif self.failure is not None:
            self.outcome.set_exception(self.failure)
        else:
            self.outcome.set_result(self.answer)  # type: ignore[arg-type]


class Writer:
    """Runs use cases one after another on a connection of its own."""

    def __init__(
        self, engine: AsyncEngine, clock: Clock, on_events: Callable[[], None], publishes: Publishes = None
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._on_events = on_events
        self._publishes = publishes
        self._turns: deque[Turn[Any]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._connection: InlineConnection | None = None
        self._closed = False

    async def run(self, use_case: UseCase[T]) -> T:
        """What the use case returns, once it is durable."""
        inside = _turn.get()
        if inside is not None and inside.writer is self and not inside.outcome.done():
            raise RuntimeError("a use case cannot start a transaction inside of its own")
        if self._closed:
            raise RuntimeError("the database is closed")
        turn = Turn(self, use_case)
        self._turns.append(turn)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work(), context=Context())
        return await turn.outcome

    async def close(self) -> None:
        """Finish what waits, then close."""
        self._closed = True
        if self._task is not None:
            await self._task
        if self._connection is not None:
            await self._connection.close()

    async def _work(self) -> None:
        while self._turns:
            turns = [self._turns.popleft() for _ in range(min(len(self._turns), MOST))]
            try:
                await self._together(turns)
            except Exception as error:  # noqa: BLE001 (it is the callers' error: each is told)
                for turn in turns:
                    turn.failure = turn.failure or error
            except BaseException:
                for turn in (*turns, *self._turns):
                    turn.outcome.cancel()
                raise
            for turn in turns:
                turn.tell()

    async def _together(self, turns: list[Turn[Any]]) -> None:
        if self._connection is None:
            self._connection = await connect(self._engine)
        connection = self._connection
        file = connection.file
        now, wall_now = self._clock.now(), wall()
        with connection.inline.begin():
            for turn in turns:
                if not turn.outcome.done():  # nobody waits for a cancelled one
                    turn.uow = UnitOfWork(connection, now, wall_now, self._publishes)
                    await _take(turn, file)
            done = [(turn, turn.uow) for turn in turns if turn.uow and turn.failure is None]
            emitted = [event for _, uow in done for event in uow.emitted]
            if emitted:
                await outbox.write(done[0][1], emitted)
            reach("uow.before_commit")
        reach("uow.after_commit")
        if emitted:
            self._on_events()
        loop = asyncio.get_running_loop()
        for turn, uow in done:
            for action in uow.committed:
                loop.call_soon(action, context=turn.context)


async def _take(turn: Turn[Any], file: FileConnection) -> None:
    """One use case; when it fails, nothing of it stays and nothing else goes."""
    file.savepoint()
    try:
        turn.answer = await turn
    except (Exception, asyncio.CancelledError) as error:
        if not file.in_transaction or _is_cancelled():
            raise
        turn.failure = error
        file.rollback_to_savepoint()
    file.release_savepoint()


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
