"""Many scenarios in one go: side by side, in as few sandboxes as they admit."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tradectl.audit.report import audit, await_settled
from tradectl.digest.digest import digest
from tradectl.errors import TradectlError
from tradectl.probes.http import UnreachableError
from tradectl.scenario import bundle, grounds, timeline
from tradectl.scenario.failures import Broke, Unmet
from tradectl.scenario.grounds import Ground, Grounds, Plot
from tradectl.scenario.jmes import BadExpression
from tradectl.scenario.load import Loaded
from tradectl.scenario.locality import local
from tradectl.scenario.outcome import Failure, Outcome, Status
from tradectl.scenario.pace import Free, Held, Pace
from tradectl.scenario.runner import Runner, StepFailed
from tradectl.scenario.stage import Stage
from tradectl.scenario.target import Target
from tradectl.stack.lifecycle import interrupts_raised
from tradectl.trader.failures import Failed

Listener = Callable[[str, Outcome], None]
"""Hears ``began`` and ``ended``."""
AUDIT = "audit"
USUAL = 4
HEAVY = frozenset({"containers", "compose"})


@dataclass(frozen=True)
class Job:
    """One run of one scenario; ``ground`` is None against a target of somewhere else."""

    loaded: Loaded
    outcome: Outcome
    ground: Ground | None


@dataclass(frozen=True)
class Wish:
    """What the command line asked for; ``target`` is a door somewhere else, or a sandbox that is up."""

    backend: str = "embedded"
    seed: int | None = None
    repeat: int = 1
    parallel: int = USUAL
    target: Target | None = None


def side_by_side(backend: str) -> int:
    """How many at a time, unless told: a sandbox of containers keeps a processor busy, and a part that waits fails."""
    return min(USUAL, os.cpu_count() or 1) if backend in HEAVY else USUAL


class Suite:
    """``outcomes`` are in the order of the files."""

    def __init__(self, scenarios: Sequence[Loaded], wish: Wish, listen: Listener) -> None:
        self.wish = wish
        self.grounds = Grounds()
        self.audits: list[Outcome] = []
        self.stopping = threading.Event()
        self._listen = listen
        self._lock = threading.Lock()
        self.jobs = [self._job(each, number) for number in range(1, wish.repeat + 1) for each in scenarios]

    @property
    def outcomes(self) -> list[Outcome]:
        """Of the scenarios, then of the audits that did not hold."""
        return [*(job.outcome for job in self.jobs), *self.audits]

    def run(self) -> list[Outcome]:
        """All of them to their ends; an interrupt removes every sandbox first."""
        due = sorted((job for job in self.jobs if job.outcome.status != "skipped"), key=_shared_first)
        threads = ThreadPoolExecutor(max(1, self.wish.parallel))
        try:
            with interrupts_raised():
                await_all({threads.submit(self._do, job) for job in due})
        except BaseException:
            self.stopping.set()
            self.grounds.close()  # what runs in them ends by that
            raise
        finally:
            threads.shutdown(wait=True, cancel_futures=True)
            self.grounds.close()  # one that was just coming up
        unlike(job.outcome for job in self.jobs)
        return self.outcomes

    def _job(self, loaded: Loaded, number: int) -> Job:
        scenario, wish = loaded.scenario, self.wish
        backend = wish.target.backend if wish.target else wish.backend
        ground = grounds.ground_of(loaded, backend, wish.seed, number)
        outcome = Outcome(loaded.name, str(loaded.file), scenario.scenario, scenario.tags, number, ground.seed, backend)
        wanted = grounds.backends_of(loaded)
        if wanted is not None and backend not in wanted:
            outcome.status, outcome.why = "skipped", f"needs --backend {' or '.join(wanted)}"
        elif (why := elsewhere_impossible(loaded, wish.target)) is not None:
            outcome.status, outcome.why = "skipped", why
        elif wish.target and ground.special and wish.target.parts is None:
            outcome.status, outcome.why = "skipped", "wants a sandbox of its own: run it without --name"
        elif not wish.target:
            self.grounds.expect(ground)
        return Job(loaded, outcome, None if wish.target else ground)

    def _do(self, job: Job) -> None:
        if self.stopping.is_set():
            return
        self._tell("began", job.outcome)
        began = time.monotonic()
        plot = self.grounds.enter(job.ground) if job.ground else None
        try:
            target = self.grounds.up(plot, job.ground) if plot and job.ground else self.wish.target
            if target is not None:
                job.outcome.sandbox = target.sandbox.name if target.sandbox else target.door
                perform(job.loaded, job.outcome, target)
        except (Broke, TradectlError, UnreachableError) as error:
            job.outcome.status, job.outcome.why = "broke", str(error)
        finally:
            job.outcome.seconds = time.monotonic() - began
            self._tell("ended", job.outcome)
            if plot and job.ground:
                self._leave(job.ground, plot, job.outcome)

    def _leave(self, ground: Ground, plot: Plot, outcome: Outcome) -> None:
        """The last one looks at the books of all, and takes the sandbox down, or leaves it to one who is to come.

        Nobody takes over from who failed.
        """
        target = self.grounds.leave(ground, plot, unspoilt=outcome.status == "held" and tidied(plot, ground))
        if target is None or self.stopping.is_set():
            return
        clean = not target.lost() and self._audit(target, ground)
        if clean and outcome.status == "held" and self.grounds.pass_on(target, ground):
            return
        try:
            grounds.remove(target)
        except Broke as error:
            self._add(self._about_sandbox(ground, "broke", str(error)))

    def _audit(self, target: Target, ground: Ground) -> bool:
        """Whether there is nothing to say against the books."""
        try:
            differences = audit(target.sources(), settled=True).differences
        except TradectlError as error:
            self._add(self._about_sandbox(ground, "failed", error.message))
            return False
        except UnreachableError as error:
            self._add(self._about_sandbox(ground, "broke", str(error)))
            return False
        if differences:
            rows = [f"{each.rule}: {each.difference}" for each in differences]
            self._add(self._about_sandbox(ground, "failed", f"{len(rows)} differences: {'; '.join(rows[:5])}"))
        return not differences

    def _about_sandbox(self, ground: Ground, status: Status, why: str) -> Outcome:
        made = Outcome(AUDIT, "", f"The audit of {ground.own or 'the shared sandbox'} holds at the end", [], 1, 0, "")
        return replace(made, status=status, why=why, seed=ground.seed, backend=ground.backend)

    def _add(self, outcome: Outcome) -> None:
        with self._lock:
            self.audits.append(outcome)
        self._tell("ended", outcome)

    def _tell(self, what: str, outcome: Outcome) -> None:
        with self._lock:
            self._listen(what, outcome)


def elsewhere_impossible(loaded: Loaded, target: Target | None) -> str | None:
    """Why it cannot be run against a door that is not on this machine; None where it can."""
    if target is None or target.sandbox is not None:
        return None
    first = next(local(loaded, mail=bool(target.mail), parts=target.parts is not None), None)
    return first.said if first else None


def unlike(outcomes: Iterable[Outcome]) -> None:
    """Runs of a held scenario whose digest is not that of the first with its seed have failed."""
    first: dict[tuple[str, int], Outcome] = {}
    for outcome in outcomes:
        if outcome.digest:
            one = first.setdefault((outcome.file, outcome.seed), outcome)
            if one.digest != outcome.digest:
                outcome.status = "failed"
                outcome.why = f"its digest is {outcome.digest}, that of round {one.round} is {one.digest}"


def tidied(plot: Plot, ground: Ground) -> bool:
    """Whether the next one finds it as this one did."""
    try:
        if ground.alone and plot.target:
            grounds.tidy(plot.target, ground)
    except (Broke, Failed, TradectlError, UnreachableError):
        return False
    return True


def _shared_first(job: Job) -> tuple[bool, bool]:
    return (bool(job.ground.own), job.ground.alone) if job.ground else (False, False)


def await_all(running: set[Future[None]]) -> None:
    """To the end of the last; the first that raised what no scenario may raise ends it."""
    while running:
        done, running = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
        for each in done:
            each.result()


def perform(loaded: Loaded, outcome: Outcome, target: Target) -> None:
    """Run it; the outcome says how it ended. Broke when the sandbox did."""
    with pace_of(loaded, target) as pace:
        try:
            stage = Stage(loaded.scenario, target, pace, outcome.seed)
        except (Failed, BadExpression) as error:
            raise Broke(str(error)) from error
        play(loaded, outcome, stage)
        if loaded.scenario.held and outcome.status == "held":
            await_settled(target.sources())
            outcome.digest = digest(target.sources()).value


@contextmanager
def pace_of(loaded: Loaded, target: Target) -> Iterator[Pace]:
    """Market time runs by itself, or is held for as long as the scenario runs."""
    if not loaded.scenario.held:
        yield Free()
        return
    with target.held() as held:
        yield Held(held)


def play(loaded: Loaded, outcome: Outcome, stage: Stage) -> None:
    """Every step; what fails is told in the outcome."""
    runner = Runner(stage, f"{loaded.file}:1")
    outcome.steps = runner.results
    try:
        runner.run(loaded.steps)
    except StepFailed as error:
        if lost := stage.target.lost():
            raise Broke(f"{error.where}: {error.step}: {error.cause} ({lost})") from error
        outcome.status = "failed"
        outcome.failure = account(loaded, outcome, stage, error)
    finally:
        stage.close()


def account(loaded: Loaded, outcome: Outcome, stage: Stage, error: StepFailed) -> Failure:
    """What went wrong, with all that is known about it, kept in a bundle."""
    cause = error.cause
    checks = [
        {"what": each.what, "expected": each.expected, "found": each.found}
        | ({"there": list(each.there)} if each.there else {})
        for each in (cause.mismatches if isinstance(cause, Unmet) else ())
    ]
    orders = timeline.orders_of(stage)
    failure = Failure(
        where=error.where,
        step=error.step,
        said=cause.said if isinstance(cause, Unmet) else str(cause),
        checks=checks,
        timeline=timeline.timeline(stage, orders),
        orders=timeline.lives(orders),
    )
    return replace(failure, bundle=str(bundle.write(loaded, outcome, failure, stage, orders)))
