"""What a server's pool costs and gives: orders a second and their latency by the number of connections."""

import json
from datetime import UTC, datetime

from tests.bench import latency
from tests.bench.containers import UP, pace
from tests.bench.figures import Figure, figure, table
from tests.bench.life import CLIENTS
from tests.bench.sandbox import NAME, fresh_home, running, tradectl
from tests.bench.traders import trader

SIZES = ((1, 1), (1, 4), (2, 4), (4, 4), (1, 8))
"""Lanes for transactions and readers of each service."""
ROUNDS = 3


def sized(lanes: int, readers: int) -> list[Figure]:
    """A sandbox with pools of this size, measured."""
    sizes = {"TRADECTL_STORE__LANES": str(lanes), "TRADECTL_STORE__READERS": str(readers)}
    name = f"{lanes} lanes, {readers} readers: "
    with fresh_home() as home:
        tradectl(home, *UP, **sizes)
        box = running(home, "bff")
        url = json.loads((home / "sandboxes" / NAME / "infrastructure.json").read_text())["urls"]["portfolio"][
            "database"
        ]
        quick = latency.measure(box, 25, 150, name)
        traders = [trader(box, {"USDT": "1000000"}) for _ in range(CLIENTS)]
        pace(box, traders, url)
        paces = [pace(box, traders, url) for _ in range(ROUNDS)]
    return [figure(f"{name}orders a second until booked", paces, 80, "high"), *quick]


def measure() -> list[Figure]:
    """Each size in turn."""
    return [row for size in SIZES for row in sized(*size)]


if __name__ == "__main__":
    print(table(measure(), datetime.now(UTC).date()))
