"""A metric as data: declared once, exported by a part, read by dashboards, alerts and the tool under the same name."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

Kind = Literal["counter", "gauge", "histogram"]
LATENCY = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: from a call inside the process to what no client waits for."""
OF_TARGET = frozenset({"job", "instance", "kind"})
"""Labels that Prometheus puts on whatever it scrapes: a metric's own of such a name would be called otherwise there."""


@dataclass(frozen=True)
class Metric:
    """Named by the conventions of OpenTelemetry and Prometheus: base units, a counter ends in ``_total``.

    ``labels`` must take few values: no id, no address, no text of a user.
    """

    name: str
    kind: Kind
    unit: str
    """``seconds``, ``bytes``, ``ratio``; empty for a count of things."""
    text: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = LATENCY


def counter(name: str, text: str, *labels: str, unit: str = "") -> Metric:
    """What only grows."""
    return Metric(name, "counter", unit, text, labels)


def gauge(name: str, text: str, *labels: str, unit: str = "") -> Metric:
    """What is so now."""
    return Metric(name, "gauge", unit, text, labels)


def histogram(name: str, text: str, *labels: str, buckets: tuple[float, ...] = LATENCY) -> Metric:
    """How long something took, in seconds."""
    return Metric(name, "histogram", "seconds", text, labels, buckets)


def declared(*modules: ModuleType) -> Iterator[Metric]:
    """Those of these modules, in their order."""
    for module in modules:
        yield from (each for each in vars(module).values() if isinstance(each, Metric))
