"""One order through every service on one time axis."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from services.contracts.clock import MILLISECOND
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.state import Sandbox
from tradectl.telemetry import fix
from tradectl.telemetry.choice import source_of
from tradectl.telemetry.source import Source, Span

SIDES = ("orders", "broker")
"""Who keeps what it sent by FIX."""
MESSAGES = 5_000
"""Of each side, the last ones."""
REPORT = "order report"
STATUS = "status"


@dataclass(frozen=True)
class Life:
    """``spans`` by their begin, at least one; ``missing`` says why something that belongs here is not."""

    order: str
    spans: Sequence[Span]
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def began(self) -> int:
        return min(span.began for span in self.spans)

    @property
    def ended(self) -> int:
        return max(span.ended for span in self.spans)

    @property
    def services(self) -> list[str]:
        """In the order in which they had to do with it."""
        return list(dict.fromkeys(span.service for span in self.spans))

    @property
    def status(self) -> str:
        """As the order service told last; empty where it has not."""
        told = [
            str(span.fields[STATUS]) for span in self.spans if span.name.startswith(REPORT) and STATUS in span.fields
        ]
        return told[-1] if told else ""


def life_of(sandbox: Sandbox, order: str, run: str = "") -> Life:
    """Of a run; FIX messages only while the sandbox is up. TradectlError when nothing tells of the order."""
    missing: dict[str, str] = {}
    told = told_of(source_of(sandbox, run), order)
    sent = list(messages(sandbox, order, missing)) if told else []
    if not told:
        hint = "`tradectl traces` names orders; one that is new is there after a second"
        raise TradectlError(f"nothing tells of an order {order}", hint, ExitCode.NOT_FOUND)
    return Life(order, ordered([*told, *within(sent, min(span.began for span in told))]), missing)


def told_of(source: Source, order: str) -> list[Span]:
    """What names the order, and what else belongs to its traces but to no other order."""
    own = source.spans(order=order)
    traces = dict.fromkeys(span.trace for span in own if span.trace)
    of_traces = [span for trace in traces for span in source.spans(trace=trace)]
    around = [span for span in of_traces if "order_id" not in span.fields]
    return [*own, *around]


def within(sent: Iterable[Span], began: int) -> Iterable[Span]:
    """FIX says milliseconds and lines say microseconds: a message of the first millisecond is not before its cause."""
    for span in sent:
        moment = began if 0 < began - span.began < MILLISECOND else span.began
        yield replace(span, began=moment, ended=moment)


def ordered(spans: Iterable[Span]) -> list[Span]:
    """By begin; of what began at once, what lasts longest first."""
    return sorted(spans, key=lambda span: (span.began, -span.ended))


def messages(sandbox: Sandbox, order: str, missing: dict[str, str]) -> Iterable[Span]:
    """What both sides sent by FIX about it; who does not say is missing."""
    try:
        endpoints = backend_of(sandbox).endpoints()
    except TradectlError as error:
        missing["fix"] = error.message
        return
    headers = {"X-Internal-Key": sandbox.keys()["key"]}
    for side in SIDES:
        if f"{side}.http" not in endpoints:
            missing[f"fix of {side}"] = "not a part of this sandbox"
            continue
        url = f"{endpoints[f'{side}.http']}/internal/fix"
        try:
            page = http.get(url, query={"limit": str(MESSAGES)}, headers=headers).json()
        except http.UnreachableError as error:
            missing[f"fix of {side}"] = str(error)
            continue
        found = list(fix.messages(side, page.get("items", ()), order))
        if not found:
            missing[f"fix of {side}"] = f"not among its last {MESSAGES:,} messages"
        yield from found
