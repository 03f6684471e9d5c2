"""Orders of which the portfolio has lost something, given to it as they stand."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from services.contracts.orders import Fill, OrderState
from tradectl.audit.snapshot import Row, Snapshot, Sources
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http
from tradectl.probes.settled import KEY

AT_ONCE = 20
"""Orders in one request."""
Standing = dict[str, Any]


def recover(sources: Sources) -> list[str]:
    """Have the portfolio book what it has lost; the ids of the fills that were."""
    snapshot = sources.read_rows("portfolio", "orders")
    orders = iter(behind(snapshot))
    booked: list[str] = []
    while some := list(islice(orders, AT_ONCE)):
        booked += _asked(sources, some)
    return booked


def behind(snapshot: Snapshot) -> Iterator[Standing]:
    """Orders whose fills, reservation or last event the portfolio does not have.

    One whose events are only on their way is none the worse for being told so, too.
    """
    booked = {row["fill_id"] for row in snapshot.rows("portfolio.trades")}
    reserved = {row["order_id"]: row["amount"] for row in snapshot.rows("portfolio.reservations")}
    sent, seen = snapshot.sent.get("orders", {}), snapshot.seen.get("portfolio", {})
    fills: dict[str, list[Row]] = {}
    for fill in snapshot.rows("orders.fills"):
        fills.setdefault(fill["order_id"], []).append(fill)
    for order in snapshot.rows("orders.orders"):
        order_id = order["order_id"]
        own = fills.get(order_id, [])
        number = sent.get(order_id, 0)
        lost = any(fill["fill_id"] not in booked for fill in own) or order["reserved"] != reserved.get(order_id, 0)
        if number and (lost or seen.get(f"orders:{order_id}", 0) < number):
            yield standing(order, number, own)


def standing(order: Row, sent: int, fills: list[Row]) -> Standing:
    """An order as `services.contracts.orders.Standing` has it."""
    state = _of(OrderState.__struct_fields__, order)
    return {"order": state, "sent": sent, "fills": [_of(Fill.__struct_fields__, {**order, **fill}) for fill in fills]}


def _of(fields: tuple[str, ...], row: Mapping[str, Any]) -> Row:
    return {name: row[name] for name in fields if name in row}


def _asked(sources: Sources, standings: list[Standing]) -> list[str]:
    url = f"{sources.endpoints['portfolio.http']}/internal/recover"
    answer = http.request("POST", url, body=standings, headers={KEY: sources.key}, timeout=30)
    if answer.status != 200:
        raise TradectlError(f"{url} answered {answer.status}", "`tradectl logs portfolio` says why", ExitCode.NOT_UP)
    return list(answer.json()["booked"])
