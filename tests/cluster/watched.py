"""What watches the environments of a cluster, in a namespace of a test's own."""

import json
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.clusters import Cluster, Namespace

WATCHERS = ("prometheus", "alertmanager", "loki", "jaeger")


class Watching(Namespace):
    """The observability chart over one environment, which is there already."""

    def __init__(self, cluster: Cluster, name: str, environment: str, folder: Path) -> None:
        super().__init__(cluster, name, folder)
        self.environment = environment
        sim = f"sim.{environment}"
        told = {
            "environments": [environment],
            "alertmanager.smtp": f"{sim}:8107",
            "alertmanager.telegram": f"http://{sim}:8109/telegram",
        }
        self.install(
            "observability",
            "lab",
            beside=WATCHERS,
            told=[f"{key}={json.dumps(value)}" for key, value in told.items()],
        )

    def asked(self, query: str) -> list[dict[str, Any]]:
        """Series of a query, with their labels and last values."""
        with self.forwarded("prometheus", 9090) as page:
            found: list[dict[str, Any]] = read(f"{page}/api/v1/query", {"query": query})["data"]["result"]
        return found

    def fires(self, alert: str, **labels: str) -> None:
        """Tell Alertmanager of an alert, as Prometheus would."""
        said = {"summary": "rehearsed", "runbook_url": "docs/runbooks/part-down.md"}
        body = [{"labels": {"alertname": alert, "severity": "page", **labels}, "annotations": said}]
        with self.forwarded("alertmanager", 9093) as page:
            form = {"content-type": "application/json"}
            asked = urllib.request.Request(f"{page}/api/v2/alerts", json.dumps(body).encode(), form)
            urllib.request.urlopen(asked, timeout=10).close()


def options(namespace: str) -> list[str]:
    """What the platform's chart is told of where it is watched from."""
    told = {
        "namespace": namespace,
        "traces": f"http://jaeger.{namespace}:4318/v1/traces",
        "logs": f"http://loki.{namespace}:3100/otlp/v1/logs",
        "metrics": f"http://prometheus.{namespace}:9090",
    }
    return [f"watching.{key}={json.dumps(value)}" for key, value in told.items()]


def read(url: str, query: Mapping[str, str] = {}) -> Any:
    """A page of JSON."""
    with urllib.request.urlopen(f"{url}?{urlencode(query)}", timeout=10) as answer:
        return json.load(answer)
