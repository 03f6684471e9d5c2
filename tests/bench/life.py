"""One order's whole life, sixteen clients over HTTP until booked in the portfolio, in bare FastAPI POSTs."""

import asyncio
import json
import secrets
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.bench.figures import PAIRS, Figure, figure
from tests.bench.posts import Request, post
from tests.bench.sandbox import Sandbox
from tests.bench.traders import Trader, trader
from tests.eventually import eventually

CLIENTS = 16
ORDERS = 40
"""A client and round."""
POSTS = 250
"""Bare ones, a client and round: about as long."""
PATIENCE = 60.0


def order(symbol: str = "BTCUSDT", quantity: str = "0.00010") -> bytes:
    """A market order that fills at once."""
    document = {
        "client_order_id": secrets.token_hex(8),
        "symbol": symbol,
        "side": "buy",
        "type": "market",
        "tif": "day",
        "quantity": quantity,
    }
    return json.dumps(document).encode()


def batches(traders: Sequence[Trader], each: int) -> list[list[Request]]:
    """So many orders a trader."""
    return [[(trader.token, order()) for _ in range(each)] for trader in traders]


@contextmanager
def bare() -> Iterator[str]:
    """The bare app in a process of its own; its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.bare"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.communicate()


def booked(box: Sandbox) -> int:
    """Fills in the portfolio's own file."""
    connection = sqlite3.connect(f"file:{box.database('portfolio')}?mode=ro", uri=True)
    try:
        return int(connection.execute("SELECT count(DISTINCT order_id) FROM trades").fetchone()[0])
    finally:
        connection.close()


def lives(box: Sandbox, traders: Sequence[Trader]) -> float:
    """Seconds an order, from the first POST until the last is booked."""
    before = booked(box)
    begin = time.perf_counter()
    post(f"{box.door}/orders", batches(traders, ORDERS))
    asyncio.run(eventually(lambda: booked(box) - before >= CLIENTS * ORDERS, PATIENCE, every=0.005))
    return (time.perf_counter() - begin) / (CLIENTS * ORDERS)


def measure(box: Sandbox) -> list[Figure]:
    """The ratio in interleaved pairs."""
    traders = [trader(box, {"USDT": "1000000"}) for _ in range(CLIENTS)]
    with bare() as url:
        post(url, batches(traders, POSTS))
        lives(box, traders)
        rounds = [(lives(box, traders), post(url, batches(traders, POSTS)) / (CLIENTS * POSTS)) for _ in range(PAIRS)]
    whole, least = (statistics.median(column) * 1e6 for column in zip(*rounds, strict=True))
    print(f"a bare POST took {least:.0f} µs, one order's whole life {whole:.0f} µs", file=sys.stderr)
    return [figure("one order's whole life in bare FastAPI POSTs", [life / one for life, one in rounds], 25, "low")]
