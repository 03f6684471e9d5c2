"""The page that says what is measured (docs/reference/metrics.md), from the declarations alone."""

from collections.abc import Iterator

from services.contracts.metrics import EXPORTERS, Metric, declared

HEAD = """# Metrics

Every part shows its own at `/metrics`, in Prometheus' text format, or as OpenMetrics with exemplars where the client
asks for that; `tradectl metrics` draws them. [services/contracts/metrics](../../services/contracts/metrics) has them,
named by the conventions of OpenTelemetry and Prometheus. What is said of a service (its queue, its outbox, its open
orders) is said alike by each of its processes: take the maximum over instances, not the sum. A label takes few values,
and never an id.
"""


def lines() -> Iterator[str]:
    """The page, line by line."""
    yield HEAD
    for exporter, module in EXPORTERS.items():
        yield from (f"## {exporter}", "", f"{(module.__doc__ or '').strip()}", "")
        yield from ("| metric | kind | unit | labels | meaning |", "|---|---|---|---|---|")
        yield from map(_row, declared(module))
        yield ""


def _row(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{metric.name}` | {metric.kind} | {metric.unit} | {labels} | {metric.text} |"
