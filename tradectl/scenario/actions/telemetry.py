"""What the parts say of themselves: their metrics, and the traces that their log lines tell."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from services.contracts.times import rfc3339
from tradectl.probes import http
from tradectl.probes.metrics import samples
from tradectl.scenario.model import looking as model
from tradectl.scenario.stage import Stage
from tradectl.stack.logs import LEVELS, ROTATED, Filter, Line, merged
from tradectl.trader.client import Client
from tradectl.trader.failures import Failed, Unreachable

TRACE = re.compile("[0-9a-f]{32}")
SECOND = 1_000_000


def metrics(stage: Stage, _: Client, name: str, step: model.Condition) -> Any:
    """The part's samples of this name that have these labels: ``name``, ``labels``, ``value``."""
    try:
        page = samples(stage.target.held_by().endpoint(str(step.part)))
    except http.UnreachableError as error:
        raise Unreachable(str(error)) from error
    return [
        {"name": each.name, "labels": dict(each.labels), "value": each.value}
        for each in page
        if each.name == name and step.labels.items() <= each.labels.items()
    ]


def traces(stage: Stage, _: Client, named: str, __: model.Condition) -> Any:
    """The traces of an order, one for each request about it, or the one with this id; none as long as no line tells."""
    sandbox = stage.target.here
    files = [each for each in sorted(sandbox.logs.glob("*.jsonl")) if not each.name.endswith(ROTATED)]
    lines = list(merged(files, Filter(since=rfc3339(int(stage.began * SECOND)))))
    if TRACE.fullmatch(named):
        return told(lines, {named})
    order = stage.order_id(named)
    found = told(lines, {line["trace_id"] for line in lines if line.get("order_id") == order and "trace_id" in line})
    if not found:
        raise Failed(f"no log line tells of a trace of order {order}")
    return found


def told(lines: Iterable[Line], wanted: set[str]) -> list[dict[str, Any]]:
    """Each trace by its lines: through which services it went, what they said, and how grave the gravest line is."""
    of: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.get("trace_id") in wanted:
            of[str(line["trace_id"])].append(line)
    return [
        {
            "id": trace,
            "services": distinct(of_trace, "service"),
            "events": distinct(of_trace, "event"),
            "level": max((str(line.get("level", "info")) for line in of_trace), key=gravity),
            "lines": len(of_trace),
        }
        for trace, of_trace in of.items()
    ]


def distinct(lines: Sequence[Line], field: str) -> list[str]:
    """The values of a field, in the order in which they came."""
    return list(dict.fromkeys(str(line[field]) for line in lines if field in line))


def gravity(level: str) -> int:
    """An unknown level is as grave as any."""
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)
