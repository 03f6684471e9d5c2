"""What happened around a failure: requests, WebSocket messages and the services' log lines of these users, by time."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from services.contracts.times import from_rfc3339, rfc3339
from tradectl.errors import TradectlError
from tradectl.scenario.stage import Person, Stage
from tradectl.stack.logs import Filter, merged
from tradectl.trader.client import Exchange
from tradectl.trader.failures import Failed

MOST = 80
"""Lines that are kept, the last ones."""
SECOND = 1_000_000
WIDTH = 220
ASKED = "request"
"""What services log of each request: the users' own are there already."""
Line = Mapping[str, Any]
Entry = tuple[str, Exchange]


def timeline(stage: Stage, orders: list[Any]) -> list[str]:
    """A line each, the oldest first; wall time."""
    found = [*_requests(stage), *_messages(stage), *_logged(stage, {str(order["id"]) for order in orders})]
    return [f"{rfc3339(int(at * SECOND))[11:23]}  {text}"[:WIDTH] for at, text in sorted(found)[-MOST:]]


def _requests(stage: Stage) -> Iterator[tuple[float, str]]:
    for who, exchange in calm(list(stage.journal)):
        took = f"{exchange.seconds * 1_000:.0f} ms"
        yield exchange.began, f"{who}: {exchange.method} {exchange.path} → {exchange.status} {took} {exchange.said}"


def calm(journal: Sequence[Entry]) -> Iterator[Entry]:
    """Of what was asked again and again with the same result, the first time and the last."""
    for _, repeated in groupby(journal, key=lambda entry: (entry[0], entry[1].method, entry[1].path, entry[1].status)):
        first, *more = repeated
        yield from (first, *more[-1:])


def _messages(stage: Stage) -> Iterator[tuple[float, str]]:
    for name, person in stage.people.items():
        for message in person.ear.messages if person.ear else ():
            shown = {key: value for key, value in message.items() if key not in {"heard", "channel"}}
            yield message["heard"], f"{name} ⇐ {message['channel']} {json.dumps(shown, ensure_ascii=False)}"


def _logged(stage: Stage, orders: set[str]) -> Iterator[tuple[float, str]]:
    for line in log_lines(stage, orders):
        if line.get("event") == ASKED and line.get("level") == "info":
            continue
        rest = {name: value for name, value in line.items() if name not in {"time", "service", "level", "event"}}
        text = f"{line.get('service', '')} {line.get('level', '')}: {line.get('event', '')} {json.dumps(rest)}"
        yield from_rfc3339(str(line["time"])) / SECOND, text


def log_lines(stage: Stage, orders: set[str]) -> list[Line]:
    """The services' lines since the beginning about these users and orders, and every error; none from elsewhere."""
    if stage.target.sandbox is None:
        return []
    users = {person.id for person in stage.people.values()}
    lines = merged(sorted(stage.target.sandbox.logs.glob("*.jsonl")), Filter(since=rfc3339(int(stage.began * SECOND))))
    return [line for line in lines if "time" in line and _about(line, users, orders)]


def _about(line: Line, users: set[str], orders: set[str]) -> bool:
    mine = line.get("user_id") in users or line.get("order_id") in orders
    return mine or line.get("level") in {"error", "critical"}


def orders_of(stage: Stage) -> list[Any]:
    """Every order of everybody with its whole life, as far as it can still be had."""
    return [order for person in stage.people.values() for order in _lives(person)]


def _lives(person: Person) -> list[Any]:
    client = person.trader.client
    if not client.token:
        return []
    try:
        placed = client.get("/orders", limit="50")["items"]
        return [client.get(f"/orders/{order['id']}") for order in placed]
    except (Failed, TradectlError):
        return []


def lives(orders: list[Any]) -> list[str]:
    """What became of each order, in market time."""
    return [line for order in orders for line in _life(order)]


def _life(order: Any) -> Iterator[str]:
    price = f" at {order['limit_price']}" if order["limit_price"] else ""
    yield f"{order['id']} {order['side']} {order['quantity']} {order['symbol']} {order['type']} {order['tif']}{price}"
    for line in order["history"]:
        what = f"{line['event']} → {line['status']} {line['filled_quantity']} {line['reason'] or ''}"
        yield f"  {line['time'][11:23]}  {what}"
