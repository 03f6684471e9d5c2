"""The platform on real parts: its start, its end, its pace, the restart of one service."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pymysql
from sqlalchemy import make_url

from tests import containers
from tests.bench import latency
from tests.bench.figures import PAIRS, Figure, figure
from tests.bench.life import CLIENTS, ORDERS, PATIENCE, batches
from tests.bench.posts import post
from tests.bench.sandbox import NAME, Sandbox, fresh_home, running, tradectl
from tests.bench.start import imports_of, seconds
from tests.bench.traders import Trader, trader
from tests.eventually import eventually

UP = ("up", "--backend", "containers")
HISTORY = 300.0
"""Seconds that the month behind the start may take to be stored: it yields to whatever else is done."""
SERVICE = "portfolio"
"""Which is restarted: it has a database with a replica, consumes and publishes."""


def bare() -> float:
    """Seconds of the slowest of the four containers, started side by side with nothing to do."""
    starts = (containers.mysql, containers.mysql, containers.rabbitmq, containers.redis)
    begin = time.perf_counter()
    with ThreadPoolExecutor(len(starts)) as threads:
        list(threads.map(lambda start: start.__wrapped__(), starts))
    took = time.perf_counter() - begin
    containers.remove_mine()
    return took


def starts() -> list[Figure]:
    """Up and down, each time from nothing."""
    ups, downs = [], []
    for _ in range(PAIRS):
        least = bare()
        with fresh_home() as home:
            ups.append(tradectl(home, *UP) / least)
            downs.append(tradectl(home, "down"))
    return [
        figure("containers: up ÷ the slowest of its four containers started bare", ups, 1.3, "low"),
        figure("containers: down, s", downs, 5, "low", " s"),
    ]


def number(url: str, query: str) -> int:
    """What a query counts in a service's schema."""
    at = make_url(url)
    with (
        pymysql.connect(
            host=at.host, port=at.port or 0, user=at.username, password=at.password or "", database=at.database
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(query)
        row = cursor.fetchone()
        return int(row[0]) if row else 0


def booked(url: str) -> int:
    """Orders with fills in the portfolio's own schema."""
    return number(url, "SELECT count(DISTINCT order_id) FROM trades")


def pending(url: str) -> int:
    """Symbols whose history market data has not stored yet, which it does once after the first start."""
    return number(url, "SELECT count(*) FROM progress WHERE filled_from IS NULL")


def pace(box: Sandbox, traders: Sequence[Trader], url: str) -> float:
    """Orders a second, from the first POST until the last is booked."""
    before, begin = booked(url), time.perf_counter()
    post(f"{box.door}/orders", batches(traders, ORDERS))
    asyncio.run(eventually(lambda: booked(url) - before >= CLIENTS * ORDERS, PATIENCE, every=0.05))
    return CLIENTS * ORDERS / (time.perf_counter() - begin)


def restart(home: Path) -> float:
    """Seconds from the word until the service is ready again."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "tradectl"), "restart", SERVICE, "--json", "--name", NAME],
        env={"TRADECTL_HOME": str(home)},
        capture_output=True,
        check=True,
    )
    return float(json.loads(done.stdout)["seconds"])


def trading() -> list[Figure]:
    """What one sandbox is measured by."""
    with fresh_home() as home:
        tradectl(home, *UP)
        box = running(home, "bff")
        urls = json.loads((home / "sandboxes" / NAME / "infrastructure.json").read_text())["urls"]
        url, history = urls[SERVICE]["database"], urls["market_data"]["database"]
        program = home / "imports.py"
        program.write_text(imports_of(home, SERVICE), encoding="utf-8")
        again = [restart(home) / seconds(sys.executable, str(program)) for _ in range(PAIRS)]
        asyncio.run(eventually(lambda: not pending(history), HISTORY, every=1))
        quick = latency.measure(box, 25, 150, "containers: ")
        traders = [trader(box, {"USDT": "1000000"}) for _ in range(CLIENTS)]
        pace(box, traders, url)
        paces = [pace(box, traders, url) for _ in range(PAIRS)]
    return [
        figure("containers: orders a second until booked, 16 clients", paces, 80, "high"),
        *quick,
        figure(f"containers: restart of {SERVICE} until ready ÷ a bare start of its libraries", again, 0.4, "low"),
    ]


def measure() -> list[Figure]:
    """Everything; nothing where there is no engine, and it says why."""
    for kind in containers.IMAGES:
        if why := containers.missing(kind):
            print(f"the figures of containers are left out: {why}", file=sys.stderr)
            return []
    return [*starts(), *trading()]
