"""What the parts say of themselves: their metrics, and the traces that their log lines tell."""

import re
from typing import Any

from services.contracts.times import rfc3339
from tradectl.probes import http
from tradectl.probes.metrics import samples
from tradectl.scenario.model import looking as model
from tradectl.scenario.stage import Stage
from tradectl.stack.logs import Filter, logs_in, merged
from tradectl.telemetry.traces import ID, told
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
    lines = list(merged(logs_in(sandbox.logs), Filter(since=rfc3339(int(stage.began * SECOND)))))
    if TRACE.fullmatch(named):
        return told(lines, {named})
    order = stage.order_id(named)
    found = told(lines, {line[ID] for line in lines if line.get("order_id") == order and ID in line})
    if not found:
        raise Failed(f"no log line tells of a trace of order {order}")
    return found
