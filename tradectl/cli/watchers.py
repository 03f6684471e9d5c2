"""Options of verbs that ask who watches a sandbox."""

from typing import Annotated, Any

import typer

from tradectl.probes.telemetry import variable


def _url(server: str) -> Any:
    """An option that says where one is, as its variable does."""
    return typer.Option(f"--{server}", envvar=variable(server), help=f"Where {server.title()} is: its URL.")


ALERTMANAGER, PROMETHEUS = "http://127.0.0.1:9093", "http://127.0.0.1:9090"
"""Where compose has them, and whoever runs them beside a sandbox as they come."""
Alertmanager = Annotated[str, _url("alertmanager")]
Prometheus = Annotated[str, _url("prometheus")]
Loki = Annotated[str, _url("loki")]
