"""What the log says of a booking, so that `tradectl logs --order` and `--trace` follow an order into the books."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from services.runtime import logfile
from services.runtime.resources import Running
from tests.integration.neighbours import Neighbourhood, settled
from tests.integration.portfolio.desk import filled, order, partly

TRACE = "0af7651916cd43dd8448eb211c80319c"
PLACED = f"00-{TRACE}-b7ad6b7169203331-01"
"""The request that placed the order."""


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Path]:
    logfile.configure(tmp_path / "logs")
    yield tmp_path / "logs"
    logfile.forget()


async def test_each_booked_fill_is_a_line_with_order_user_and_the_orders_trace(
    logs: Path, around: Neighbourhood, running: Running
) -> None:
    fills = (partly(order(), 4, 20_000, 0, 1), filled(order(), 6, 20_000, 0, 2))
    await around.deliver([msgspec.structs.replace(around.envelope(fill), traceparent=PLACED) for fill in fills])
    await settled(running)
    logfile.flush()
    lines = [json.loads(line) for line in (logs / "portfolio.jsonl").read_text().splitlines()]
    booked = [line for line in lines if line["event"] == "booked"]
    assert [(line["order_id"], line["user_id"], line["fill_id"]) for line in booked] == [
        ("order-1", "ann", "order-1-1"),
        ("order-1", "ann", "order-1-2"),
    ]
    assert {line["trace_id"] for line in booked} == {TRACE}
