"""Our messages as the broker's REST API takes them, and what its refusals mean."""

from typing import Any, Literal, NamedTuple

import msgspec

from services.contracts import money
from services.kernel.peers import Answer, Peer, PeerUnavailable
from services.orders.domain.changes import Dispatch, DispatchKind
from services.orders.domain.reports import Report, ReportKind

SENDER = "ORDERS.REST"
"""Our name at the broker; another one than by FIX, whose session would be told of these orders too."""
GIVEN = {200, 201, 409}
"""It has it; 409: since an attempt whose answer was lost."""
REFUSED = {400, 404, 422}
REPORTS: dict[DispatchKind, ReportKind] = {
    "new": "rejected",
    "replace": "replace_rejected",
    "cancel": "cancel_rejected",
}


class Asked(NamedTuple):
    """One request; ``body`` is none where there is nothing to say beside the path."""

    method: Literal["POST", "PUT", "DELETE"]
    path: str
    query: dict[str, str | int]
    body: dict[str, Any] | None = None


def asked_of(dispatch: Dispatch) -> Asked:
    """The request that asks what the dispatch says."""
    match dispatch.kind:
        case "new":
            return Asked("POST", "/orders", {"sender": SENDER}, _new(dispatch))
        case "replace":
            return Asked("PUT", f"/orders/{dispatch.orig_cl_ord_id}", {"sender": SENDER}, _terms(dispatch))
        case "cancel":
            query: dict[str, str | int] = {"sender": SENDER, "cl_ord_id": dispatch.cl_ord_id}
            return Asked("DELETE", f"/orders/{dispatch.orig_cl_ord_id}", query)


async def ask(broker: Peer, dispatch: Dispatch, now: int) -> Report | None:
    """Give it to the broker: None when he has it, else what his refusal means at this market time.

    PeerUnavailable when it is not known whether he has it: the same request again does no harm.
    """
    asked = asked_of(dispatch)
    body = None if asked.body is None else msgspec.json.encode(asked.body)
    answer = await broker.request(asked.method, asked.path, query=asked.query, body=body, internal=True)
    if answer.status in GIVEN:
        return None
    if answer.status not in REFUSED:
        raise PeerUnavailable(broker.name, f"{asked.method} {asked.path} answered {answer.status}")
    return Report(
        kind=REPORTS[dispatch.kind],
        report_id=f"{dispatch.cl_ord_id}:refused",
        order_id=dispatch.order.order_id,
        version=dispatch.working,
        time=now,
        reason=said(answer),
    )


def said(answer: Answer) -> str:
    """The code of a refusal."""
    try:
        return str(answer.json()["code"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return "refused"


def _new(dispatch: Dispatch) -> dict[str, Any]:
    order = dispatch.order
    return {
        **_terms(dispatch),
        "account": order.account_id,
        "side": order.side,
        "type": order.type,
        "tif": order.tif,
    }


def _terms(dispatch: Dispatch) -> dict[str, Any]:
    """Without a limit, the worst price: the broker's rule for market and stop orders."""
    order, terms = dispatch.order, dispatch.terms
    prices = {"limit_price": terms.limit_price, "stop_price": terms.stop_price}
    if terms.limit_price is None:
        prices["worst_price"] = terms.worst_price
    return {
        "cl_ord_id": dispatch.cl_ord_id,
        "symbol": order.symbol,
        "quantity": money.text(terms.quantity, order.quantity_scale),
        **{name: money.text(price, order.price_scale) for name, price in prices.items() if price is not None},
    }
