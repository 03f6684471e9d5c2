"""Prometheus metrics: a registry a part, so that parts of one process do not mix."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST
LATENCY_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Seconds: from a call inside the process to the two seconds that a peer may take."""


class Metrics:
    """The metrics of one part."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.registry = CollectorRegistry()
        self.requests = self.histogram(
            "http_request_duration_seconds", "Time to answer a request", ("method", "route", "status")
        )
        self._requests: dict[tuple[str, str, int], Histogram] = {}

    def counter(self, name: str, text: str, labels: tuple[str, ...] = ()) -> Counter:
        return Counter(name, text, labels, registry=self.registry)

    def gauge(self, name: str, text: str, labels: tuple[str, ...] = ()) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)

    def histogram(self, name: str, text: str, labels: tuple[str, ...] = ()) -> Histogram:
        return Histogram(name, text, labels, registry=self.registry, buckets=LATENCY_BUCKETS)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; the child of its labels is kept, because finding it costs more than counting."""
        key = (method, route, status)
        child = self._requests.get(key)
        if child is None:
            child = self._requests[key] = self.requests.labels(method, route, str(status))
        child.observe(seconds)

    def text(self) -> bytes:
        """The page that Prometheus reads."""
        return generate_latest(self.registry)
