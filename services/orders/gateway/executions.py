"""The broker's own record by REST: fills that no session brought are fetched from it by their ids."""

from collections.abc import AsyncIterator, Sequence
from typing import Final, Literal
from urllib.parse import urlencode

import msgspec

from services.contracts.orders import OrderType, Side, TimeInForce
from services.kernel.peers import Peer, PeerUnavailable
from services.orders.domain.explaining import Facts
from services.orders.domain.order import Terms, of_cl_ord_id
from services.orders.domain.reports import Report, ReportKind

SENDER = "ORDERS"
"""Our name at the broker."""
PAGE = 1_000
NAMED = 100
"""Executions that are asked for by their ids at once."""
KINDS: Final[dict[str, ReportKind]] = {
    "new": "accepted",
    "trade": "fill",
    "cancelled": "cancelled",
    "replaced": "replaced",
    "rejected": "rejected",
    "expired": "expired",
    "cancel_rejected": "cancel_rejected",
    "replace_rejected": "replace_rejected",
    "busted": "busted",
    "corrected": "corrected",
}
DUPLICATE_ORDER = "duplicate_order"


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the record, as far as it matters here; integers in the instrument's scales."""

    number: int
    exec_id: str
    sender: str
    kind: str
    cl_ord_id: str
    orig_cl_ord_id: str = ""
    filled: int
    last_quantity: int = 0
    last_price: int = 0
    fee: int = 0
    liquidity: Literal["maker", "taker", ""] = ""
    reason: str = ""
    exec_ref: str = ""
    time: int
    account: str = ""
    symbol: str = ""
    side: Side = "buy"
    type: OrderType = "limit"
    tif: TimeInForce = "day"
    quantity: int = 0
    limit_price: int | None = None
    stop_price: int | None = None


DECODER = msgspec.json.Decoder(list[Execution])
FACTS = msgspec.json.Decoder(list[Facts])


async def since(broker: Peer, number: int) -> AsyncIterator[list[Execution]]:
    """The record after a number, page by page; PeerUnavailable when the broker does not answer."""
    while True:
        answer = await broker.request("GET", "/executions", query={"since": number, "limit": PAGE}, internal=True)
        if answer.status != 200:
            raise PeerUnavailable(broker.name, f"GET /executions answered {answer.status}")
        page = DECODER.decode(answer.body)
        if not page:
            return
        yield page
        number = page[-1].number


async def named(broker: Peer, exec_ids: Sequence[str]) -> dict[str, Facts]:
    """What the record has of these executions, by their ids; PeerUnavailable when the broker does not answer."""
    found: dict[str, Facts] = {}
    for start in range(0, len(exec_ids), NAMED):
        query = urlencode([("exec_id", exec_id) for exec_id in exec_ids[start : start + NAMED]])
        answer = await broker.request("GET", "/executions/named", query=query, internal=True)
        if answer.status != 200:
            raise PeerUnavailable(broker.name, f"GET /executions/named answered {answer.status}")
        found |= {facts.exec_id: facts for facts in FACTS.decode(answer.body)}
    return found


def report_of(execution: Execution, sender: str = SENDER) -> Report | None:
    """The line as the report that the session would have brought; none for what is no report on an order of ours."""
    kind = KINDS.get(execution.kind) if execution.sender == sender else None
    if kind is None or (kind == "rejected" and execution.reason == DUPLICATE_ORDER):
        return None
    is_answer = kind in {"cancel_rejected", "replace_rejected"}
    order_id, version = of_cl_ord_id(execution.orig_cl_ord_id if is_answer else execution.cl_ord_id)
    return Report(
        kind=kind,
        report_id=f"{execution.cl_ord_id}:rejected" if is_answer else execution.exec_id,
        order_id=order_id,
        version=version,
        time=execution.time,
        filled=None if is_answer else execution.filled,
        quantity=execution.last_quantity,
        price=execution.last_price,
        fee=execution.fee,
        liquidity=execution.liquidity or "taker",
        terms=_terms(execution) if kind == "replaced" else None,
        refused=of_cl_ord_id(execution.cl_ord_id)[1] if is_answer else 0,
        reason=execution.reason or None,
        refers_to=execution.exec_ref or None,
    )


def _terms(execution: Execution) -> Terms:
    return Terms(quantity=execution.quantity, limit_price=execution.limit_price, stop_price=execution.stop_price)
