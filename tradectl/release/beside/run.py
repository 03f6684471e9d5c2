"""The run itself: a sandbox of its own, whose instances are old and new by turns, and what did not hold."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.beside import trading
from tradectl.release.beside.earlier import Earlier, unpack
from tradectl.release.beside.news import News, news
from tradectl.release.beside.phases import COPIES, Phase, phases
from tradectl.release.beside.switching import switch
from tradectl.release.git import Repository
from tradectl.stack.backends.backend import Backend
from tradectl.stack.backends.choice import backend_of, unusable
from tradectl.stack.lifecycle import down, interrupts_raised, up
from tradectl.stack.settings import Wanted
from tradectl.stack.state import Sandbox, sandbox
from tradectl.stack.topology import SERVICES
from tradectl.stack.warm import ROOT

UP_WITHIN = 240.0
PATIENT = {"TRADECTL_PEERS__TIMEOUT": "4"}
"""Sixteen services on a runner's two processors answer late while others start, and that is not what is asked here."""
TRIES = 3
"""Of a phase: a machine with too much to do is late once, what does not fit never fits."""
Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class Done:
    """A phase; ``why`` is what did not hold."""

    phase: str
    old: list[str]
    seconds: float
    why: list[str]


@dataclass
class Report:
    """``ok`` when every phase and the books held."""

    earlier: Earlier
    news: News
    done: list[Done] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return bool(self.done) and not any(each.why for each in self.done)


def beside(repository: Repository, earlier: Earlier, tell: Tell, logs: Path | None = None) -> Report:
    """Run it; TradectlError where it cannot be told. ``logs`` is where the sandbox's are kept."""
    place = sandbox(f"beside-{os.getpid()}")
    with removed(place, logs):
        place.create()
        tree = place.root / "earlier"
        unpack(repository, earlier, tree)
        services = [each for each in SERVICES if (tree / "services" / each / "manifest.py").exists()]
        report = Report(earlier, news(tree, ROOT))
        refuse(report)
        tell("new", said(report.news))
        if why := unusable():
            raise TradectlError(f"two of a service need processes, and servers in containers: {why}", "start Docker")
        started = backend_up(place)
        alone(started, tell)
        go_through(started, report, services, tree, tell)
    return report


def refuse(report: Report) -> None:
    """CONFLICT where the release before could not live with this one's schema, which is told and not tried."""
    if found := report.news.contracts:
        names = ", ".join(f"{each.service} {each.revision}" for each in found)
        hint = "deploy a release that only expands before it, and name that one"
        raise TradectlError(f"{report.earlier.name} cannot run beside: {names} contracts", hint, ExitCode.CONFLICT)


def backend_up(place: Sandbox) -> Backend:
    """Every service as often as it takes, with a schema that the new release has made."""
    os.environ.update(PATIENT)  # as settings come to every service, of whatever release
    wanted = Wanted(backend="containers", scale=dict.fromkeys(SERVICES, COPIES))
    up(place, wanted, lambda _: None, timeout=UP_WITHIN)
    return backend_of(place)


def alone(backend: Backend, tell: Tell) -> None:
    """What does not hold without an old one proves nothing about two."""
    if why := traded(backend, tell):
        raise TradectlError(f"the new release does not hold alone: {'; '.join(why)}", "`make test` says more")
    tell("alone", "the new release holds")


def go_through(backend: Backend, report: Report, services: list[str], tree: Path, tell: Tell) -> None:
    """Phase by phase up to the first that does not hold; then the books, by the new release alone."""
    for phase in (*phases(services), Phase("all new again, the books", frozenset())):
        began = time.monotonic()
        why = _one(backend, phase, tree, tell)
        report.done.append(Done(phase.name, sorted(phase.old), round(time.monotonic() - began, 1), why))
        tell("failed" if why else "held", phase.name)
        if why:
            return


def _one(backend: Backend, phase: Phase, tree: Path, tell: Tell) -> list[str]:
    try:
        switch(backend, dict.fromkeys(phase.old, str(tree)))
        return traded(backend, tell) if phase.old else trading.audited(backend)
    except TradectlError as error:
        return [error.message]


def traded(backend: Backend, tell: Tell) -> list[str]:
    """What did not hold however often it was tried; an event that was set aside stays there, and ends it."""
    why: list[str] = []
    for _ in range(TRIES):
        why = trading.trade(backend)
        if not why or any(trading.set_aside(backend)):
            break
        tell("again", why[0])
    return why


@contextmanager
def removed(place: Sandbox, logs: Path | None) -> Iterator[None]:
    """Whatever ends it, nothing is left but the logs that were asked for."""
    with interrupts_raised():
        try:
            yield
        finally:
            try:
                if logs is not None and place.logs.is_dir():
                    shutil.copytree(place.logs, logs, dirs_exist_ok=True)
            finally:
                down(place)


def said(found: News) -> str:
    """In a few words."""
    migrations = ", ".join(f"{each.service} {each.revision}" for each in found.migrations)
    parts = {"expands": migrations, "events": ", ".join(found.added), "events gone": ", ".join(found.gone)}
    parts["events changed under their version"] = ", ".join(found.changed)
    return "; ".join(f"{what}: {which}" for what, which in parts.items() if which) or "no migration and no event"
