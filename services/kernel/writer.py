"""Runs use cases one transaction after another: those that wait for a lane share one.

One that fails takes nothing with it; all answers come after the one commit. The events of sixteen use cases then cost
the outbox as many statements as those of one. A transaction that the database ends (a deadlock, a connection lost
before the commit) begins anew, with all of its use cases.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from contextvars import Context, ContextVar, copy_context
from functools import partial
from typing import Any, Generic, TypeVar, cast

from services.contracts.clock import Clock
from services.contracts.metrics import service as declared
from services.kernel import outbox
from services.kernel.connections import Connections, Lane, LateFailure, Repeat
from services.kernel.marks import Marks
from services.kernel.uow import Emitted, Publishes, UnitOfWork
from services.runtime.clock import wall
from services.runtime.instruments import Counter, Gauge, Histogram, Instrument
from services.runtime.killpoints import reach

T = TypeVar("T")
UseCase = Callable[[UnitOfWork], Coroutine[Any, Any, T]]
MOST = 64
"""Use cases that share a transaction at most."""
TIMES = 10
"""Times that a transaction begins at most."""
PAUSE = 0.005
"""Seconds, times chance, before a transaction begins anew; doubled each time."""

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


class Apart(Exception):
    """A use case failed that had no savepoint: what it did can only be undone with all the others'."""


class Writer:
    """Takes turns, and has them run on as many lanes as the database has."""

    def __init__(
        self, connections: Connections, clock: Clock, on_events: Callable[[], None], publishes: Publishes = None
    ) -> None:
        self._connections = connections
        self._clock = clock
        self._on_events = on_events
        self._publishes = publishes
        self.riders: list[Callable[[UnitOfWork], Awaitable[None]]] = []
        """What is done in each transaction, besides what it is for."""
        self.marks: Marks | None = None
        """Where a replica is read."""
        self._turns: deque[Turn[Any]] = deque()
        self._idle: list[Lane] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self._time = Histogram(declared.TRANSACTIONS)
        self._use_cases, self._repeats = Counter(declared.USE_CASES), Counter(declared.REPEATS)
        self._emitted = Counter(declared.EMITTED)
        self._committed, self._failed = self._time.of("committed"), self._time.of("failed")

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """What transactions are measured by."""
        pending, lanes, most = Gauge(declared.WRITE_QUEUE), Gauge(declared.LANES), Gauge(declared.MOST_LANES)
        pending.read(lambda: len(self._turns))
        lanes.read(lambda: len(self._tasks), "used")
        lanes.read(lambda: len(self._idle), "idle")
        most.set(self._connections.lanes)
        return self._time, self._use_cases, self._repeats, self._emitted, pending, lanes, most

    async def run(self, use_case: UseCase[T]) -> T:
        """What the use case returns, once it is durable."""
        inside = _turn.get()
        if inside is not None and inside.writer is self and not inside.outcome.done():
            raise RuntimeError("a use case cannot start a transaction inside of its own")
        if self._closed:
            raise RuntimeError("the database is closed")
        turn = Turn(self, use_case)
        self._turns.append(turn)
        if len(self._tasks) < self._connections.lanes:
            self._tasks.add(asyncio.get_running_loop().create_task(self._work(), context=Context()))
        return await turn.outcome

    async def close(self) -> None:
        """Finish what waits, then close."""
        self._closed = True
        await asyncio.gather(*self._tasks)
        while self._idle:
            await self._idle.pop().close()

    async def _work(self) -> None:
        """Run what waits on a lane of this task's own."""
        turns: list[Turn[Any]] = []
        lane = self._idle.pop() if self._idle else None
        try:
            while self._turns:
                turns = [self._turns.popleft() for _ in range(min(len(self._turns), MOST))]
                try:
                    lane = lane or await self._connections.lane()
                    await self._together(lane, turns)
                except Exception as error:  # noqa: BLE001 (it is the callers' error: each is told)
                    for turn in turns:
                        turn.failure = turn.failure or error
                for turn in turns:
                    turn.tell()
        except BaseException:
            for turn in (*turns, *self._turns):
                turn.outcome.cancel()
            raise
        finally:
            if lane is not None:
                self._idle.append(lane)
            self._tasks.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def _together(self, lane: Lane, turns: Sequence[Turn[Any]]) -> None:
        """One transaction for all of them, from its beginning as often as it takes."""
        savepoints, times = lane.cheap_savepoints, 0
        while True:
            try:
                return await self._once(lane, turns, savepoints=savepoints and len(turns) > 1)
            except Apart:
                if len(turns) == 1:
                    return None
                savepoints = True
            except Exception as error:
                times += 1
                may = isinstance(error, Repeat) or (lane.over and lane.may_repeat(times))
                if times == TIMES or not may:
                    raise
                self._repeats.inc()
            if times:
                await asyncio.sleep(random.random() * PAUSE * 2**times)

    async def _once(self, lane: Lane, turns: Sequence[Turn[Any]], *, savepoints: bool) -> None:
        began = time.perf_counter()
        await lane.begin()
        try:
            done = await self._take_all(lane, turns, savepoints=savepoints)
            emitted, written = await self._besides([uow for _, uow in done])
            reach("uow.before_commit")
            await lane.commit()
        except BaseException as error:
            await lane.rollback()
            self._failed.observe(time.perf_counter() - began)
            if isinstance(error, LateFailure):
                raise (Apart() if len(turns) > 1 and not savepoints else error.meant) from error
            raise
        reach("uow.after_commit")
        self._committed.observe(time.perf_counter() - began)
        self._use_cases.inc(by=len(done))
        if self.marks and written:
            await self.marks.reopen(written)
        if emitted:
            self._on_events()
            for each in emitted:
                self._emitted.inc(each.event.name)
        loop = asyncio.get_running_loop()
        for turn, uow in done:
            for action in uow.committed:
                loop.call_soon(action, context=turn.context)

    async def _take_all(
        self, lane: Lane, turns: Sequence[Turn[Any]], *, savepoints: bool
    ) -> list[tuple[Turn[Any], UnitOfWork]]:
        """Those that somebody waits for and that did not fail."""
        now, wall_now = self._clock.now(), wall()
        done = []
        for turn in turns:
            turn.failure = None
            if not turn.outcome.done():  # nobody waits for a cancelled one
                uow = turn.uow = UnitOfWork(lane.connection, now, wall_now, self._publishes)
                await _take(turn, lane, savepoints=savepoints)
                if turn.failure is None:
                    done.append((turn, uow))
        return done

    async def _besides(self, done: Sequence[UnitOfWork]) -> tuple[list[Emitted], set[str]]:
        """What a transaction does besides its use cases; the events and the users of its marks."""
        emitted = [event for uow in done for event in uow.emitted]
        if emitted:
            for uow in done:
                done[0].numbers |= uow.numbers
            await outbox.write(done[0], emitted)
        for ride in self.riders if done else ():
            await ride(done[0])
        written = {user for uow in done for user in uow.users} if self.marks else set()
        if self.marks and written:
            await self.marks.close(written)
        return emitted, written


async def _take(turn: Turn[Any], lane: Lane, *, savepoints: bool) -> None:
    """One use case; when it fails, nothing of it stays and nothing else goes."""
    if savepoints:
        await lane.savepoint()
    try:
        turn.answer = await turn
        if savepoints:
            await lane.catch_up()
    except (Exception, asyncio.CancelledError) as error:
        if lane.over or _is_cancelled() or isinstance(error, Repeat):
            raise
        turn.failure = error.meant if isinstance(error, LateFailure) else error
        if not savepoints:
            raise Apart from error
        await lane.undo()


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
