"""A sandbox on containers as it looks after some minutes of trading, the same in every run: for pictures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from services.contracts.faults import Fault
from tests.unit.tradectl.dash.canned import Canned
from tradectl.overview.flow import Queue, Session
from tradectl.overview.resources import PROCESS, SERVER, Resource
from tradectl.stack.logs import Line
from tradectl.telemetry.life import Life, ordered
from tradectl.telemetry.measures import Measure
from tradectl.telemetry.source import Heading, Span

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
BEGAN = int(NOON.timestamp() * 1e6)
ORDER = "01kb9wq3e7x0n5c2h8d4t6vz1m"
SIMULATORS = ("clock", "venue", "broker", "provider", "mail", "push")
SERVICES = {
    "auth": (0, 0.6, 71.2),
    "market_data": (0, 9.4, 88.0),
    "orders": (1, 4.1, 79.5),
    "portfolio": (0, 2.8, 77.1),
    "notifications": (0, 0.9, 74.4),
    "recommendations": (0, 1.7, 83.9),
    "chat": (0, 0.2, 70.3),
    "bff": (0, 3.2, 76.8),
}
"""Restarts, share of a processor, memory."""
STATES = {"chat": ("stopped", "process: was stopped"), "notifications": ("degraded", "mail: connection refused")}
SERVERS = ("primary", "replica", "rabbitmq", "redis")
ROUTES = {
    "POST /api/v1/orders": ("bff", "orders", "broker", "portfolio"),
    "GET /api/v1/portfolio": ("bff", "portfolio"),
    "GET /api/v1/quotes/AAPL": ("bff", "market_data"),
    "POST /api/v1/auth/refresh": ("bff", "auth"),
    "GET /api/v1/dashboard": ("bff", "auth", "portfolio", "orders", "market_data"),
}


def resources() -> Iterator[Resource]:
    """The outside world in one process, a service a process, servers in containers; one rests, one misses its mail."""
    world = Resource("sim", PROCESS, "running", "", 0, 21.3, 121.6, {}, "0.1.0", "sim", SIMULATORS, ("sim",))
    yield world
    for number, name in enumerate(SIMULATORS):
        own = door(name, 41_000 + number)
        yield replace(world, name=name, kind="simulator", state="ready", endpoints=own, holds=(), steers=())
    for number, (name, (restarts, cpu, memory)) in enumerate(SERVICES.items()):
        state, health = STATES.get(name, ("ready", ""))
        rests = state == "stopped"
        yield Resource(
            name,
            "service",
            state,
            health,
            restarts,
            None if rests else cpu,
            None if rests else memory,
            door(name, 42_000 + number),
            "0.1.0",
            name,
            (),
            (name,),
        )
    for name in SERVERS:
        yield Resource(name, SERVER, "running", "")


def door(name: str, port: int) -> dict[str, str]:
    """A part's endpoints."""
    return {f"{name}.http": f"http://127.0.0.1:{port}"}


def headings(count: int) -> Iterator[Heading]:
    """Requests, the newest first."""
    chance, moment = Random("traces"), BEGAN
    for number in range(count):
        name = list(ROUTES)[min(int(chance.expovariate(0.6)), len(ROUTES) - 1)]
        took = int(chance.lognormvariate(9, 0.5))
        moment -= chance.randint(20_000, 900_000)
        order = number_of(chance) if "orders" in name else ""
        level = "warning" if chance.random() < 0.05 else "info"
        spans = len(ROUTES[name]) + (7 if order else 0)
        id = ORDER if not number else f"{chance.getrandbits(128):032x}"
        orders = (ORDER if not number else order,) if order else ()
        yield Heading(id, name, moment, moment + took, ROUTES[name], orders, level, spans)


def number_of(chance: Random) -> str:
    """An order's id, like the platform's."""
    return "01kb9" + "".join(chance.choices("0123456789abcdefghjkmnpqrstvwxyz", k=21))


def steps() -> list[Span]:
    """One order's life: asked, reserved, sent, filled in two parts, booked, told."""
    return [
        step("bff", "POST /api/v1/orders", 0, 9_840, status="201"),
        step("orders", "POST /orders", 1_210, 9_100, status="201"),
        step("orders", "reserved", 4_320, symbol="AAPL", price="212.45", quantity="25"),
        step("orders", "FIX NewOrderSingle", 9_600, number="41", symbol="AAPL", quantity="25", price="212.45"),
        step("broker", "order taken", 10_420, symbol="AAPL"),
        step("broker", "FIX ExecutionReport, new", 11_030, number="57", left="25"),
        step("orders", "order report", 13_870, kind="accepted", status="new"),
        step("broker", "FIX ExecutionReport, trade", 14_210, number="58", filled="10", at="212.43", left="15"),
        step("orders", "order report", 17_050, kind="fill", status="partially_filled", filled="10", at="212.43"),
        step("broker", "FIX ExecutionReport, trade", 17_900, number="59", filled="15", at="212.45", left="0"),
        step("orders", "order report", 20_660, kind="fill", status="filled", filled="15", at="212.45"),
        step("portfolio", "booked", 26_480, symbol="AAPL", quantity="10", price="212.43"),
        step("portfolio", "booked", 26_510, symbol="AAPL", quantity="15", price="212.45"),
        step("notifications", "told", 33_200, kind="order_filled"),
    ]


def step(service: str, name: str, began: int, ended: int = 0, **fields: str) -> Span:
    """Microseconds after the first; a moment where it does not end."""
    told = {"order_id": ORDER, **fields}
    return Span(ORDER, service, name, BEGAN + began, BEGAN + (ended or began), fields=told)


def lines() -> Iterator[Line]:
    """An access log with what services say in between."""
    chance, moment = Random("logs"), NOON
    for number in range(200):
        moment += timedelta(milliseconds=chance.randint(3, 240))
        name = list(ROUTES)[number % len(ROUTES)]
        method, path = name.split()
        service = ROUTES[name][number % len(ROUTES[name])]
        line: dict[str, Any] = {"time": moment.isoformat().replace("+00:00", "Z"), "service": service, "level": "info"}
        if number % 17 == 5:
            yield {**line, "service": "notifications", "level": "warning", "event": "mail refused", "tries": 3}
        elif number % 23 == 7:
            yield {**line, "service": "orders", "level": "error", "event": "order rejected", "code": "off_tick"}
        else:
            told = {"method": method, "path": path, "status": 200, "ms": round(chance.lognormvariate(1.5, 0.6), 1)}
            yield {**line, "event": "request", **told, "trace_id": f"{chance.getrandbits(128):032x}"}


def walk(name: str, around: float, spread: float) -> list[tuple[int, float]]:
    """A look every five seconds for a quarter of an hour."""
    chance, value, found = Random(name), around, []
    for look in range(180):
        value = max(0.0, value + chance.gauss(0, spread) + (around - value) * 0.1)
        found.append((BEGAN + look * 5_000_000, value))
    return found


def measured() -> Iterator[Measure]:
    """What each process costs and each service does."""
    for name, (_, cpu, memory) in SERVICES.items():
        yield Measure(name, "http_request_duration_seconds p50", "s", {}, walk(f"{name} p50", 0.004, 0.0006))
        yield Measure(name, "http_request_duration_seconds p99", "s", {}, walk(f"{name} p99", 0.031, 0.008))
        yield Measure(name, "http_request_duration_seconds rate", "/s", {}, walk(f"{name} rate", 20 * cpu, 4 * cpu))
        if name == "orders":
            yield Measure(name, "order_ack_seconds p99", "s", {}, walk("ack", 0.018, 0.004))
            yield Measure(name, "order_fill_seconds p99", "s", {}, walk("fill", 0.044, 0.011))
        yield Measure(name, "process_cpu_seconds rate", "cores", {}, walk(f"{name} cpu", cpu / 100, cpu / 900))
        mib = 2**20 * memory
        yield Measure(name, "process_resident_memory_bytes", "bytes", {}, walk(f"{name} mib", mib, mib / 400))


QUEUES = (
    ("auth", {"unpublished": 0, "queued": 0, "waiting": 0, "dead": 0}),
    ("broker", {"unsent:ORDERS": 0}),
    ("market_data", {"unpublished": 3, "queued": 0, "dead": 0}),
    ("notifications", {"unpublished": 0, "queued": 42, "waiting": 1, "dead": 2, "mails": 7, "pushes": 0}),
    ("orders", {"unpublished": 1, "queued": 0, "waiting": 0, "dead": 0, "unsent": 0, "unfetched": 0}),
    ("portfolio", {"unpublished": 0, "queued": 4, "waiting": 0, "dead": 0}),
    ("venue", {"behind": 18}),
)
REASONS = ("mail gateway: 554 no such user", "template order_filled: fee is missing")
MESSAGES = (
    ("orders", 41, "D", "11=01kb9wq3e7-1|55=AAPL|54=1|38=25|40=2|44=212.45|59=0|"),
    ("broker", 57, "8", "11=01kb9wq3e7-1|17=e57|150=0|39=0|55=AAPL|151=25|14=0|"),
    ("broker", 58, "8", "11=01kb9wq3e7-1|17=e58|150=F|39=1|55=AAPL|32=10|31=212.43|151=15|14=10|"),
    ("broker", 59, "8", "11=01kb9wq3e7-1|17=e59|150=F|39=2|55=AAPL|32=15|31=212.45|151=0|14=25|"),
    ("orders", 42, "F", "11=01kb9wq9z2-2|41=01kb9wq9z2-1|55=SBER|54=2|"),
    ("broker", 60, "9", "11=01kb9wq9z2-2|41=01kb9wq9z2-1|39=2|102=0|58=already filled|"),
    ("orders", 43, "0", ""),
    ("broker", 61, "0", ""),
)
"""Sent by whom, number, kind and what follows."""


class Lifelike(Canned):
    """Nothing is missing and something is wrong."""

    @property
    def backend(self) -> str:
        return "containers"

    def resources(self) -> list[Resource]:
        return list(resources())

    def lines(self) -> Sequence[Line]:
        return list(lines())

    def traces(self, most: int, order: str = "") -> list[Heading]:
        return [each for each in headings(60) if order in ("", *each.orders)][:most]

    def spans(self, trace: str) -> list[Span]:
        return steps()

    def life(self, order: str) -> Life:
        return Life(ORDER, ordered(steps()))

    def measures(self, seconds: float) -> list[Measure]:
        return list(measured())

    def queues(self) -> list[Queue]:
        return [Queue(part, what, count) for part, counts in QUEUES for what, count in counts.items()]

    def letters(self) -> list[dict[str, Any]]:
        envelope = {"producer": "orders", "key": ORDER, "name": "order_filled"}
        return [
            {"service": "notifications", "id": id, "reason": reason, "time": BEGAN, "envelope": {**envelope, "seq": id}}
            for id, reason in enumerate(REASONS, 3)
        ]

    def sessions(self) -> list[Session]:
        return [Session("broker", "ORDERS", 62, 44, ""), Session("orders", "BROKER", 44, 62, "ok")]

    def fix(self, side: str, most: int) -> list[Mapping[str, Any]]:
        sent = [
            (number, f"8=FIX.4.4|35={kind}|34={number}|52=20261130-12:00:00.{place * 7:03}|{rest}")
            for place, (by, number, kind, rest) in enumerate(MESSAGES)
            if by == side
        ]
        return [{"session": side, "number": number, "text": text} for number, text in sent]

    def clock(self, change: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        return {"now": "2024-08-08T07:23:42.216378Z", "mode": "running", "speed": 4.0, "until": None}

    def faults(self) -> list[Fault]:
        until = BEGAN + 25_000_000
        late = Fault(
            id="f3", kind="provider.latency", part="provider", parameters={"ms": 300.0}, seed=1, began=1, until=until
        )
        gap = Fault(id="f4", kind="fix.gap", part="broker", parameters={"percent": 5.0}, seed=2, began=1, until=until)
        return [late, gap]
