"""The Locust user that all kinds share: it begins each request when it is due and counts from then.

This module imports Locust, and with it gevent's patches: only the generator's process does.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any, ClassVar

import gevent
import gevent.event
from locust import User, constant, task
from locust.exception import StopUser

from tradectl.load.recorder import Recorder
from tradectl.load.schedule import due_times
from tradectl.load.spec import Account, Spec
from tradectl.load.wire import Answer, Failed, Wire

REFRESH_AFTER = 600.0
"""Seconds; a token lives for 900."""
GRACE = 10.0
"""Seconds after the last request was due in which what waits may still begin."""
API = "/api/v1"


class Run:
    """One generator's run: its recorder, its users' places, and the gate that opens when all of them are ready."""

    def __init__(self, spec: Spec, recorder: Recorder, first: int = 0, step: int = 1) -> None:
        self.spec = spec
        self.shape = spec.shape
        self.recorder = recorder
        self.places = iter(range(first, len(spec.accounts), step))
        self.ready = 0
        self.ended = 0
        self.began = 0.0
        self.gate = gevent.event.Event()
        self.fire: Callable[[str, float, int, str], None] | None = None
        """Tells Locust's own page, where it is shown."""

    def open(self) -> None:
        """Every user's schedule begins now."""
        self.began = time.monotonic() + 0.05
        self.recorder.begin(self.began)
        self.gate.set()

    def left(self) -> bool:
        """Whether what waits may still begin."""
        return time.monotonic() < self.began + self.shape.duration + GRACE


class Paced(User):
    """``MIX`` are the actions by name with their weights; each is one request."""

    abstract = True
    wait_time = constant(0)
    MIX: ClassVar[Mapping[str, int]] = {}
    run_: ClassVar[Run]
    assigned: ClassVar = gevent.event.Event()
    """A worker is told its place and to start at the same time: users wait until the one has been heard."""

    @classmethod
    def take_part(cls, run: Run) -> None:
        """All users of this process."""
        cls.run_ = run
        cls.assigned.set()

    def on_start(self) -> None:
        """Take an account, prepare, wait until all others have."""
        self.assigned.wait()
        run = self.run_
        self.number = next(run.places)
        self.spec = run.spec
        self.account: Account = run.spec.accounts[self.number]
        self.token, self.refresh_token = self.account.access_token, self.account.refresh_token
        self.refreshed = time.monotonic()
        self.wire = Wire(run.spec.door)
        self.chance = Random(f"{run.spec.seed}:acts:{self.number}")
        self.due: Iterator[float] = due_times(
            run.shape, len(run.spec.accounts), self.number, run.spec.seed, run.spec.arrivals
        )
        self.begun = 0.0
        self.prepare()
        run.ready += 1
        run.gate.wait()

    def on_stop(self) -> None:
        """What it held open."""
        self.wire.close()

    def prepare(self) -> None:
        """What a kind of user does before its first request, unmeasured."""

    @task
    def act(self) -> None:
        """The next request of the schedule, at its time or as soon after it as this user is free."""
        run = self.run_
        due = next(self.due, None)
        if due is None:
            self.end(0)
        moment = run.began + (due or 0.0)
        self._renew(moment)
        free = moment - time.monotonic()
        if free > 0:
            gevent.sleep(free)
        if not run.left():
            self.end(1 + sum(1 for _ in self.due))
        self.begun = moment
        run.recorder.started(time.monotonic() - moment if free > 0 else None)
        names, weights = zip(*self.MIX.items(), strict=True)
        getattr(self, self.chance.choices(names, weights)[0])()

    def end(self, unsent: int) -> None:
        """This user's schedule is over."""
        self.run_.recorder.unsent(unsent)
        self.run_.ended += 1
        raise StopUser

    def ask(self, name: str, method: str, path: str, body: Any = None, fine: tuple[int, ...] = ()) -> Answer | None:
        """Send a request and record it from when it was due; None without a success, or one of the fine statuses."""
        try:
            answer = self.wire.request(method, API + path, self.token, body)
            error = "" if answer.status in fine else answer.error
        except Failed as failure:
            answer, error = None, str(failure)
        self.record(name, self.begun, error, len(answer.body) if answer else 0)
        return answer if answer is not None and answer.status < 400 else None

    def record(self, name: str, due: float, error: str = "", size: int = 0) -> None:
        """Count from when it was due, not from when it was sent: waiting is part of it."""
        seconds = time.monotonic() - due
        self.run_.recorder.answered(name, seconds, error)
        if self.run_.fire is not None:
            self.run_.fire(name, seconds, size, error)

    def quietly(self, method: str, path: str, body: Any = None) -> Any:
        """A request that is not measured; None when it fails."""
        try:
            answer = self.wire.request(method, API + path, self.token, body)
        except Failed:
            return None
        return answer.json() if answer.status < 400 else None

    def _renew(self, next_due: float) -> None:
        """A new token in good time, while nothing is due."""
        now = time.monotonic()
        if now - self.refreshed < REFRESH_AFTER or (next_due - now < 0.05 and now - self.refreshed < 800):
            return
        tokens = self.quietly("POST", "/auth/refresh", {"refresh_token": self.refresh_token})
        if tokens is not None:
            self.token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]
            self.refreshed = now
            self.renewed()

    def renewed(self) -> None:
        """A kind of user that holds a stream tells it the new token."""
