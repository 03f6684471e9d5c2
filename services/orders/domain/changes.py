"""What a trader does to an order: place, replace, cancel; and what leaves for the broker by it."""

from typing import Literal

import msgspec
from msgspec.structs import replace

from services.contracts.errors import DomainError
from services.contracts.orders import OrderState
from services.orders.domain import checks, reservation, states
from services.orders.domain.checks import Limits
from services.orders.domain.order import Listing, Order, Terms, Ticket, cl_ord_id

DispatchKind = Literal["new", "replace", "cancel"]


class Dispatch(msgspec.Struct, frozen=True, kw_only=True):
    """A message that waits for the session: ``order`` as it was asked, with the terms that are to stand."""

    kind: DispatchKind
    order: OrderState
    terms: Terms
    version: int
    working: int
    traceparent: str | None = None
    """Of the request that placed the order."""

    @property
    def cl_ord_id(self) -> str:
        return cl_ord_id(self.order.order_id, self.version)

    @property
    def orig_cl_ord_id(self) -> str:
        return cl_ord_id(self.order.order_id, self.working)


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """What a replace changes, as decimal strings; what is none stays."""

    quantity: str | None = None
    limit_price: str | None = None
    stop_price: str | None = None


def place(ticket: Ticket, listing: Listing, limits: Limits, order_id: str, now: int, wall: int) -> Order:
    """A new order with what must be reserved for it; DomainError with the first thing that refuses it."""
    order = drafted(ticket, listing, order_id, now)
    for refusal in checks.refusals(order.state, listing, limits):
        raise refusal
    return replace(order, placed=wall)


def drafted(ticket: Ticket, listing: Listing, order_id: str, now: int) -> Order:
    """The order that the ticket asks for, nothing checked but what makes it none."""
    draft, terms = checks.draft(ticket, listing)
    order = Order(
        state=replace(draft, order_id=order_id, created=now, updated=now),
        standing="pending_new",
        worst_price=terms.worst_price,
        fee_ppm=listing.fee_ppm,
        fingerprint=ticket.fingerprint,
        traceparent=ticket.traceparent,
    )
    return replace(order, state=replace(order.state, reserved=reservation.to_hold(order)))


def dispatch(kind: DispatchKind, order: Order) -> Dispatch:
    """The order's message of this kind."""
    terms = order.asked if kind == "replace" and order.asked else order.terms
    return Dispatch(
        kind=kind,
        order=order.state,
        terms=terms,
        version=order.version,
        working=order.working,
        traceparent=order.traceparent,
    )


def edited(order: Order, edit: Edit, listing: Listing) -> OrderState:
    """The state under the new terms, for the same checks as a new order's; DomainError when they make none."""
    state, instrument = order.state, listing.instrument
    for field in ("limit_price", "stop_price"):
        if getattr(edit, field) is not None and field not in checks.PRICED[state.type]:
            raise DomainError("price_not_allowed", checks.REFUSED, f"a {state.type} order has no {field}", field=field)
    quantity = state.quantity if edit.quantity is None else checks.quantity(edit.quantity, instrument)
    if quantity <= state.filled:
        detail = "the quantity must be above what is filled"
        raise DomainError("invalid_quantity", checks.REFUSED, detail, field="quantity")
    limit = checks.price(edit.limit_price, "limit_price", instrument)
    stop = checks.price(edit.stop_price, "stop_price", instrument)
    return replace(
        state,
        quantity=quantity,
        limit_price=state.limit_price if limit is None else limit,
        stop_price=state.stop_price if stop is None else stop,
    )


def replacement(order: Order, edit: Edit, listing: Listing, limits: Limits, now: int) -> Order:
    """The order with the edit asked for; as it is when the edit asks for nothing new; DomainError when refused."""
    draft = edited(order, edit, listing)
    terms = checks.terms(draft, listing)
    if same_terms(order.asked or order.terms, terms):
        return order
    for refusal in checks.refusals(draft, listing, limits):
        raise refusal
    return request_replace(order, terms, now)


def same_terms(terms: Terms | None, other: Terms) -> bool:
    """Whether a trader would call them the same."""
    return terms is not None and replace(terms, worst_price=0) == replace(other, worst_price=0)


def request_replace(order: Order, terms: Terms, now: int) -> Order:
    """The order with a replace in flight and the larger of both reservations."""
    _must_be_open(order)
    if order.request or order.cancel_next:
        raise DomainError("request_pending", 409, f"a {order.request} of this order is not answered yet")
    asked = replace(order, request="replace", asked=terms, version=order.version + 1)
    reserved = max(order.state.reserved, reservation.need(asked, terms))
    return _restated(asked, now, reserved)


def request_cancel(order: Order, now: int) -> tuple[Order, Dispatch | None]:
    """The order with a cancel in flight, or waiting for the replace before it; asked twice it changes nothing."""
    if order.standing == "cancelled" or order.request == "cancel" or order.cancel_next:
        return order, None
    _must_be_open(order)
    if order.request == "replace":
        return _restated(replace(order, cancel_next=True), now, order.state.reserved), None
    return _cancelling(order, now)


def follow_up(order: Order, now: int) -> tuple[Order, Dispatch | None]:
    """The cancel that waited for a replace's answer leaves."""
    if not (order.cancel_next and order.open and order.request is None):
        return order, None
    return _cancelling(order, now)


def _cancelling(order: Order, now: int) -> tuple[Order, Dispatch]:
    asked = replace(order, request="cancel", cancel_next=False, version=order.version + 1)
    restated = _restated(asked, now, order.state.reserved)
    return restated, dispatch("cancel", restated)


def _restated(order: Order, now: int, reserved: int) -> Order:
    status = states.status(order.standing, order.request, order.cancel_next)
    updated = max(order.state.updated, now)  # a market that was killed goes on a little before
    return replace(order, state=replace(order.state, status=status, reserved=reserved, updated=updated))


def _must_be_open(order: Order) -> None:
    if not order.open:
        raise DomainError("order_final", 409, f"the order is {order.standing}")
