"""What the venue says about an order, and what becomes of the order by it."""

from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec.structs import replace

from services.contracts.events import orders as events
from services.contracts.orders import Fill
from services.orders.domain import reservation, states
from services.orders.domain.order import Order, Terms
from services.orders.domain.states import Change

ReportKind = Literal[
    "accepted",
    "fill",
    "cancelled",
    "replaced",
    "rejected",
    "expired",
    "cancel_rejected",
    "replace_rejected",
    "busted",
    "corrected",
    "unknown",
]
AMENDMENTS: frozenset[str] = frozenset({"busted", "corrected"})
"""Reports that take a fill back: services.orders.domain.amending."""
REASON = 64
"""Characters that are kept of what a broker says, who may say as much as he likes."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """``report_id`` is the ExecID, or names the message that has none; ``filled`` is CumQty, where it is sent."""

    kind: ReportKind
    report_id: str
    order_id: str
    version: int
    """The version that stands at the venue after this report."""
    refused: int = 0
    """The version of the request that this refuses."""
    terms: Terms | None = None
    """Of a replace, what stands now: for who has asked for none, as after a restore. Its worst price is not known."""
    time: int
    """Market time, microseconds."""
    filled: int | None = None
    quantity: int = 0
    price: int = 0
    fee: int = 0
    liquidity: Literal["maker", "taker"] = "taker"
    reason: str | None = None
    refers_to: str | None = None
    """The fill that a bust or a correction takes back (ExecRefID)."""
    traceparent: str | None = None
    """The span that applies it; where the venue names none, it is the order's."""
    parent_id: str | None = None
    """The venue's span, of which that is a child."""


class StatusAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How the venue says that an order stands: it books nothing, but shows what we missed."""

    order_id: str
    ended: bool
    filled: int

    def shows_missing(self, order: Order) -> bool:
        """Whether we were told less."""
        return self.filled > order.state.filled or (self.ended and order.open)


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """The order after a report, and what to tell."""

    order: Order
    event: events.OrderEvent
    fill: Fill | None = None
    taken_back: Fill | None = None
    """Of a bust or a correction: what takes the fill back that it refers to."""


class MissingFills(Exception):
    """The report counts fills that were never seen: they are fetched before it is applied."""


class NotAdmitted(Exception):
    """The order's state does not allow this report; it is kept for the audit."""


def apply(order: Order, report: Report) -> Applied:
    """The order after the report; MissingFills or NotAdmitted when it cannot be applied."""
    if report.kind != "fill" and report.filled is not None and report.filled > order.state.filled:
        raise MissingFills
    change = _change(order, report)
    standing = states.after(order.standing, change)
    if standing is None:
        raise NotAdmitted
    used = max(order.version, report.version, report.refused)
    moved, fill = _booked(replace(order, standing=standing, version=used), report)
    settled = _settled(_answered(moved, report), report, fill, asked=order.asked is not None)
    return Applied(order=settled, event=_event(change, settled, fill), fill=fill)


def _change(order: Order, report: Report) -> Change:
    """The column of the table: a fill and a replace are two each, by what they leave."""
    if report.kind == "fill":
        done = order.state.filled + report.quantity >= order.state.quantity
        return "fill" if done else "partial_fill"
    if report.kind == "replaced" and _new_terms(order, report).quantity <= order.state.filled:
        return "replaced_filled"
    match report.kind:
        case "busted" | "corrected":
            raise NotAdmitted
        case kind:
            return kind


def _new_terms(order: Order, report: Report) -> Terms:
    """Those asked for; where nobody here has asked, those that the venue names: a limit bounds the price then."""
    if order.asked or report.terms is None:
        return order.asked or order.terms
    limit = report.terms.limit_price
    return replace(report.terms, worst_price=order.worst_price if limit is None else limit)


def _booked(order: Order, report: Report) -> tuple[Order, Fill | None]:
    """The fill at the difference of the running totals, and the order with it."""
    if report.kind != "fill":
        return order, None
    state = order.state
    after = replace(
        state,
        filled=state.filled + report.quantity,
        value=state.value + report.quantity * report.price,
        fees=state.fees + report.fee,
    )
    fill = Fill(
        fill_id=report.report_id,
        order_id=state.order_id,
        account_id=state.account_id,
        symbol=state.symbol,
        currency=state.currency,
        price_scale=state.price_scale,
        quantity_scale=state.quantity_scale,
        side=state.side,
        price=report.price,
        quantity=report.quantity,
        cost=reservation.spent(after) - reservation.spent(state),
        fee=report.fee,
        liquidity=report.liquidity,
        time=report.time,
    )
    return replace(order, state=after), fill


def _answered(order: Order, report: Report) -> Order:
    """The order with its request answered, where the report answers it, or with none after its end."""
    if report.kind == "replaced":
        terms = _new_terms(order, report)
        quantity = max(terms.quantity, order.state.filled)
        state = replace(order.state, quantity=quantity, limit_price=terms.limit_price, stop_price=terms.stop_price)
        order = replace(order, state=state, worst_price=terms.worst_price, working=report.version)
    if not order.open:
        return replace(order, request=None, asked=None, cancel_next=False)
    answers = {"replaced": "replace", "replace_rejected": "replace", "cancel_rejected": "cancel"}
    if order.request is not None and answers.get(report.kind) == order.request:
        return replace(order, request=None, asked=None)
    return order


def _settled(order: Order, report: Report, fill: Fill | None, *, asked: bool) -> Order:
    """The order with its status, its reason and what stays reserved: never more than before, unless the venue
    replaced what nobody asked for."""
    state = order.state
    kept = state.reserved
    if fill:
        kept = max(0, kept - reservation.used(state.side, fill.quantity, fill.cost, fill.fee))
    hold = reservation.to_hold(order)
    reason = (report.reason or "")[:REASON] or None if not order.open and not fill else state.reason
    return replace(
        order,
        state=replace(
            state,
            status=states.status(order.standing, order.request, order.cancel_next),
            reserved=hold if report.kind == "replaced" and not asked else min(kept, hold),
            reason=reason,
            updated=max(state.updated, report.time),
        ),
    )


EVENTS: Mapping[Change, type[events.OrderEvent]] = {
    "accepted": events.OrderAccepted,
    "cancelled": events.OrderCancelled,
    "replaced": events.OrderReplaced,
    "replaced_filled": events.OrderReplaced,
    "rejected": events.OrderRejected,
    "expired": events.OrderExpired,
    "cancel_rejected": events.CancelRejected,
    "replace_rejected": events.ReplaceRejected,
}


def _event(change: Change, order: Order, fill: Fill | None) -> events.OrderEvent:
    if fill and order.standing == "filled":
        return events.OrderFilled(order=order.state, fill=fill)
    if fill:
        return events.OrderPartiallyFilled(order=order.state, fill=fill)
    if change == "unknown":
        ended = events.OrderRejected if order.standing == "rejected" else events.OrderCancelled
        return ended(order=order.state)
    return EVENTS[change](order=order.state)
