"""One load, from its users' registration to the audit after it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

from services.contracts.times import rfc3339
from tradectl.audit.report import Report, audit
from tradectl.audit.snapshot import Sources
from tradectl.errors import ExitCode, TradectlError
from tradectl.load import generator, result
from tradectl.load.measured import Measurement
from tradectl.load.observe import Observer
from tradectl.load.people import Crowd
from tradectl.load.recorder import Second, merged
from tradectl.load.replica import lag_of
from tradectl.load.schedule import Arrivals
from tradectl.load.shapes import Shape
from tradectl.load.spec import Spec, aimed
from tradectl.load.thresholds import Threshold, shown
from tradectl.probes import http
from tradectl.probes.settled import await_rest
from tradectl.stack.backends.backend import Backend

SETTLES_WITHIN = 180.0
"""Seconds after a load until everything is applied and delivered."""
JUDGED_FROM = 5
"""Seconds of a run before a threshold can end it."""
Told = Callable[[str, Mapping[str, Any]], None]
"""``users`` with how many are ready, ``second`` with a second's figures, ``settling``, ``audit``."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is asked for. ``shape_name`` is the shape's word."""

    scenario: str
    shape: Shape
    shape_name: str
    rate: float
    users: int
    seed: int = 1
    workers: int = 0
    arrivals: Arrivals = "poisson"
    thresholds: Sequence[Threshold] = ()
    abort: bool = False
    audited: bool = True
    web_port: int = 0
    elsewhere: generator.Elsewhere | None = None


@dataclass
class Target:
    """A sandbox that is up, and the crowd that loads it; or, without a backend, a ``door`` to what runs elsewhere."""

    name: str
    backend: Backend | None
    sources: Sources
    door: str = ""
    crowd: Crowd = field(init=False)

    def __post_init__(self) -> None:
        endpoints = self.sources.endpoints
        self.crowd = Crowd(aimed(self.door or endpoints["bff.http"]), endpoints["mail.http"], seed=1)

    @property
    def where(self) -> str:
        """The backend's name."""
        return self.backend.name if self.backend else "elsewhere"

    def lag(self) -> Callable[[], float | None]:
        """How the replica is asked how far it is behind; elsewhere nobody can."""
        return lag_of(self.backend.sandbox) if self.backend else lambda: None


def run(target: Target, plan: Plan, told: Told) -> result.Run:
    """Load, wait until all is settled, audit."""
    spec = _spec(target, plan, told)
    began, aborted = rfc3339(time.time_ns() // 1_000), ""
    seconds: list[Second] = []
    with (
        Observer(target.backend, target.sources, target.lag()) as observer,
        generator.started(spec, plan.elsewhere) as made,
    ):
        for event in made.events():
            if event["event"] == "begin":
                observer.begin()
            elif event["event"] == "second":
                seconds.append(Second.of(event))
                told("second", _figures(seconds[-1], plan.shape))
                aborted = _broken(seconds, plan)
            elif event.get("lost"):
                aborted = f"{event['lost']} workers were lost"
            if aborted:
                break
    whole = merged(seconds)
    measured = Measurement(whole, plan.shape.duration, list(observer.documents()))
    return result.Run(
        id=result.stamp(plan.scenario),
        scenario=plan.scenario,
        shape=plan.shape_name,
        began=began,
        sandbox=target.name,
        backend=target.where,
        version=metadata.version("tradectl"),
        users=len(spec.accounts),
        rate=plan.rate,
        duration=plan.shape.duration,
        workers=plan.workers,
        seed=plan.seed,
        points=list(plan.shape.points),
        seconds=[second.document() for second in whole],
        looks=[dict(look) for look in measured.looks],
        verdicts=[verdict(each, measured) for each in plan.thresholds],
        audit=audited(target.sources, told) if plan.audited else None,
        aborted=aborted,
    )


def _spec(target: Target, plan: Plan, told: Told) -> Spec:
    """Users, and what they are told; a multiple of the workers, so that each has as many."""
    share = max(1, plan.workers)
    count = -(-plan.users // share) * share
    accounts = target.crowd.accounts(count, lambda ready: told("users", {"ready": ready, "of": count}))
    return Spec(
        door=target.crowd.door,
        scenario=plan.scenario,
        accounts=accounts,
        instruments=target.crowd.instruments(accounts[0]),
        points=list(plan.shape.points),
        seed=plan.seed,
        arrivals=plan.arrivals,
        workers=plan.workers,
        master_port=generator.free_port() if plan.workers else 0,
        web_port=plan.web_port,
        patience=600.0 if plan.elsewhere else 60.0,
        topic=target.crowd.topic(accounts[0]),
    )


def _figures(second: Second, shape: Shape) -> dict[str, Any]:
    """A second as progress shows it."""
    measured = Measurement([second], 1.0)
    return {
        "t": second.t,
        "of": shape.duration,
        "rate": measured.rate("*"),
        "due": second.due,
        "p50": measured.quantile("*", 0.5) * 1_000,
        "p99": measured.quantile("*", 0.99) * 1_000,
        "errors": measured.failed("*"),
        "lag": measured.saturation().lag_p99 * 1_000,
        "busy": second.busy,
    }


def _broken(seconds: list[Second], plan: Plan) -> str:
    """The threshold that ends the run before its time; empty while none does. A rate is known at the end alone."""
    if not plan.abort or seconds[-1].t < JUDGED_FROM:
        return ""
    measured = Measurement(merged(seconds), seconds[-1].t)
    judged = (each for each in plan.thresholds if each.what not in ("rate", "memory") and measured.count(each.name))
    return next((f"{each.text} does not hold" for each in judged if not each.holds(measured)), "")


def verdict(threshold: Threshold, measured: Measurement) -> result.Verdict:
    """One threshold of the whole run."""
    return result.Verdict(threshold.text, shown(threshold, threshold.value(measured)), threshold.holds(measured))


def audited(sources: Sources, told: Told) -> result.Audited:
    """Wait until nothing is under way, then hold everything against the venue's record."""
    told("settling", {})
    await_rest(sources.settled(), SETTLES_WITHIN)
    told("audit", {})
    report = looked(sources)
    first = report.differences[0] if report.differences else None
    said = f"{first.difference.where} {first.difference.key}: {first.difference.found}" if first else ""
    counted = report.counted
    return result.Audited(
        clean=report.clean,
        differences=len(report.differences),
        orders=counted.get("orders.orders", 0),
        fills=counted.get("orders.fills", 0),
        first=said,
    )


def looked(sources: Sources) -> Report:
    """The audit; TradectlError when a part gives no answer in time."""
    try:
        return audit(sources)
    except http.UnreachableError as error:
        hint = (
            "the load has been made, and is not proved: `tradectl ps` says how the sandbox is, `tradectl audit` looks"
        )
        raise TradectlError(f"no audit after the load: {error}", hint, ExitCode.NOT_UP) from error
