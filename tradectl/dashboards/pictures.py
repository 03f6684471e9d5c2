"""`python -m tradectl.dashboards.pictures URL FOLDER [SECONDS]`: dashboards drawn from a real Prometheus."""

import math
import re
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tradectl.dashboards.boards import BOARDS
from tradectl.dashboards.model import PROMETHEUS, Panel, Query
from tradectl.dashboards.plot import Curves, Points, drawn
from tradectl.probes import http

STEPS = 60
WINDOW = "30s"
JOB = "orders"
"""What is drawn where the reader would choose."""
LABEL = re.compile(r"\{\{(\w+)\}\}")


def main(prometheus: str, folder: Path, seconds: float) -> None:
    """One picture a dashboard that has any data, of the last so many seconds."""
    end = time.time()
    begin = end - seconds
    folder.mkdir(parents=True, exist_ok=True)
    for board in BOARDS:
        curves = {panel.title: curves_of(prometheus, panel, begin, end) for panel in board.panels()}
        if any(curves.values()):
            (folder / f"{board.uid}.svg").write_text(drawn(board, curves, begin, end), encoding="utf-8")


def curves_of(prometheus: str, panel: Panel, begin: float, end: float) -> Curves:
    """Every series of a panel's queries."""
    found: dict[str, Points] = {}
    for query in (query for query in panel.queries if query.source == PROMETHEUS):
        found |= dict(_series(prometheus, query, begin, end))
    return found


def _series(prometheus: str, query: Query, begin: float, end: float) -> Iterator[tuple[str, Points]]:
    asked = {"query": filled(query.expression), "start": begin, "end": end, "step": (end - begin) / STEPS}
    url = f"{prometheus}/api/v1/query_range"
    answer = http.get(url, query={name: str(value) for name, value in asked.items()}).json()
    for each in answer["data"]["result"]:
        points = [(float(second), float(value)) for second, value in each["values"]]
        yield named(query, each["metric"]), [(second, value) for second, value in points if math.isfinite(value)]


def filled(expression: str) -> str:
    """An expression with what Grafana and the reader would put in."""
    return re.sub(r"\$__(rate_)?interval", WINDOW, expression).replace("$job", JOB)


def named(query: Query, labels: Mapping[str, Any]) -> str:
    """What the legend says of a series."""
    return LABEL.sub(lambda found: str(labels.get(found[1], "")), query.legend).strip() or query.expression[:18]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 300.0)
