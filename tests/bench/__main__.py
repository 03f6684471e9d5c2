"""``make bench``: measures the figures, prints their table, writes build/bench.json; ends with 1 when one is missed.

python -m tests.bench [WORD…]     some only: start codec life latency telemetry feed containers overhead standard seeded
                                  capacity terminal image
python -m tests.bench --docs …    the figures go into docs/reference/benchmarks.md too, the others there stay
"""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import (
    capacity,
    containers,
    feed,
    fix_codec,
    image,
    latency,
    life,
    overhead,
    recorded,
    seeded,
    standard,
    start,
    terminal,
)
from tests.bench.figures import Figure, figure, table
from tests.bench.page import with_table
from tests.bench.sandbox import sandbox

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/benchmarks.md"
RECORDINGS = (ROOT.parent / "shared/data/btcusdt-spot-20240808.gz", *sorted((ROOT / "sim/feeds/data").glob("*.gz")))


def recording() -> Path:
    """The whole recording where it lies beside the checkout, else the slice that comes with it."""
    return next(path for path in RECORDINGS if path.exists())


def trading(parts: set[str]) -> list[Figure]:
    """Everything that one busy sandbox is measured by, its memory last."""
    with sandbox() as box:
        # The latency first: after the lives, thousands of mails about them are still leaving.
        rows = latency.measure(box) if "latency" in parts else []
        rows += life.measure(box) if "life" in parts else []
        return [*rows, figure("resident memory of the host after it, MB", [box.resident_mb()], 250, "low", " MB")]


def main() -> int:
    """Measure, print, write."""
    every: Mapping[str, Callable[[], list[Figure]]] = {
        "codec": fix_codec.measure,
        "start": start.measure,
        "feed": lambda: feed.measure(recording()),
        "containers": containers.measure,
        "overhead": overhead.measure,
        "standard": standard.measure,
        "seeded": seeded.measure,
        "capacity": capacity.measure,
        "terminal": terminal.measure,
        "telemetry": recorded.measure,
        "image": image.measure,
    }
    asked = {word for word in sys.argv[1:] if word != "--docs"} or {*every, "life", "latency"}
    rows = [row for name, measure in every.items() if name in asked for row in measure()]
    if asked & {"life", "latency"}:
        rows += trading(asked)
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    (build / "bench.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    today = datetime.now(UTC).date()
    print(table(rows, today))
    if "--docs" in sys.argv:
        PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), rows, today), encoding="utf-8")
    return 0 if all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
