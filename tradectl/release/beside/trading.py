"""Trade in a sandbox, and say what did not hold."""

from collections.abc import Iterator

from tradectl.audit.report import audit
from tradectl.audit.snapshot import Sources
from tradectl.errors import TradectlError
from tradectl.load.run import Plan, Target
from tradectl.load.run import run as load
from tradectl.load.shapes import SHAPES
from tradectl.overview.letters import consuming, letters
from tradectl.probes.eventually import eventually
from tradectl.probes.settled import unsettled
from tradectl.smoke.run import smoke
from tradectl.stack.backends.backend import Backend

RATE, SECONDS = 10.0, 6.0
"""Of the load: of everything a little."""
USERS = 6
ENOUGH = 3
"""Requests of a kind that all fail are no accident; one of them may be, where the machine has too much to do."""
RESTS_WITHIN = 60.0
SHOWN = 5


def trade(backend: Backend) -> list[str]:
    """A trader's first day at each door, a short load, and everything applied: what of it did not hold.

    How fast it goes is not asked.
    """
    for bff in backend.layout().named("bff"):  # each copy of a service calls that copy of the others
        if why := first_day(backend, bff.name):
            return [*why, *set_aside(backend)]
    return [*a_little_of_everything(backend), *at_rest(backend)]


def first_day(backend: Backend, door: str) -> list[str]:
    found = backend.endpoints()
    done = smoke(found[f"{door}.http"], found["mail.http"], None, lambda _: None)
    return [f"smoke at {door}, {step.name}: {step.detail}" for step in done.steps if not step.ok]


def a_little_of_everything(backend: Backend) -> Iterator[str]:
    plan = Plan(
        scenario="mixed",
        shape=SHAPES["steady"](RATE, SECONDS),
        shape_name="steady",
        rate=RATE,
        users=USERS,
        audited=False,
    )
    done = load(Target(backend.sandbox.name, backend, sources(backend)), plan, lambda *_: None)
    measured = done.measurement
    for kind in measured.names:
        if ENOUGH <= measured.count(kind) <= measured.failed(kind):
            yield f"load, {kind} never succeeds: {', '.join(measured.errors[kind])}"
    if done.aborted:
        yield f"load: {done.aborted}"


def at_rest(backend: Backend) -> Iterator[str]:
    """Every event applied; one that was set aside ends the wait."""
    settled = sources(backend).settled()

    def look() -> bool | None:
        return settled() or any(what.endswith(".dead") for what in settled.under_way) or None

    try:
        eventually(look, RESTS_WITHIN, what="at rest")
    except TradectlError:
        yield unsettled(settled.under_way, RESTS_WITHIN).message
    yield from set_aside(backend)


def set_aside(backend: Backend) -> Iterator[str]:
    """Events in dead-letter queues, and why."""
    for service in consuming():
        for each in letters(backend.sandbox, service)[:SHOWN]:
            event = f"{each['envelope']['name']} {each['envelope']['version']}"
            yield f"{service} has set aside {event}: {each['reason']}"


def audited(backend: Backend) -> list[str]:
    """The books after all of it, held against the venue's record."""
    found = audit(sources(backend), settled=True).differences
    return [f"audit, {each.rule}: {each.difference}" for each in found]


def sources(backend: Backend) -> Sources:
    sandbox = backend.sandbox
    return Sources.of(backend.endpoints(), sandbox.keys(), sandbox.losses)
