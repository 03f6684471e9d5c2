"""What the venue reports: each report applied once, a whole batch with one statement a table."""

from collections.abc import Sequence
from typing import NamedTuple

from services.contracts.orders import Fill
from services.kernel.uow import UnitOfWork
from services.orders.domain import changes, reservation
from services.orders.domain.amending import amend
from services.orders.domain.changes import Dispatch
from services.orders.domain.order import Order
from services.orders.domain.reports import (
    AMENDMENTS,
    Applied,
    MissingFills,
    NotAdmitted,
    Report,
    ReportKind,
    StatusAnswer,
    apply,
)
from services.orders.handlers.booking import Booking
from services.orders.store import dispatches, orders, unmatched

NOT_SENT = "not_sent"


class Told(NamedTuple):
    """One report that was applied, for log and metrics; the age is from the order's placing (wall, microseconds)."""

    kind: ReportKind
    order: Order
    age: int
    traceparent: str | None = None
    parent_id: str | None = None


class Reported(NamedTuple):
    """What became of a batch. ``missing``: orders of which fills must be fetched before a report can be applied."""

    told: list[Told]
    missing: frozenset[str]


async def report(uow: UnitOfWork, reports: Sequence[Report]) -> Reported:
    """Apply reports in their order; those applied before change nothing."""
    if not reports:
        return Reported([], frozenset())
    uow.foresee(each.order_id for each in reports)
    known, seen = await orders.load_and_seen(
        uow, {each.order_id for each in reports}, {each.report_id for each in reports}
    )
    booking, told, missing = Booking(), list[Told](), set[str]()
    traded = await _traded(uow, [each for each in reports if each.kind in AMENDMENTS])
    strangers: list[unmatched.Unmatched] = []
    for each in reports:
        order = known.get(each.order_id)
        if each.report_id in seen:
            continue
        try:
            after = _apply(uow, booking, order, each, traded)
        except MissingFills:
            missing.add(each.order_id)
            continue
        except NotAdmitted:
            strangers.append((each, "not_admitted"))
            continue
        seen.add(each.report_id)
        if after is None:
            strangers.append((each, "unknown_order"))
            continue
        known[each.order_id] = after
        if each.filled is not None and each.filled > after.state.filled:
            missing.add(each.order_id)
        told.append(Told(each.kind, after, uow.wall - after.placed, each.traceparent, each.parent_id))
    await booking.write(uow)
    if strangers:
        await unmatched.keep(uow, strangers)
    return Reported(told, frozenset(missing))


async def _traded(uow: UnitOfWork, amendments: Sequence[Report]) -> dict[str, Fill]:
    """The fills of orders of which one is taken back; none, and nothing is asked, in a batch without a bust."""
    order_ids = {each.order_id for each in amendments}
    return {fill.fill_id: fill for fill in await orders.fills_of(uow, order_ids)} if order_ids else {}


def _after(order: Order, report: Report, traded: dict[str, Fill]) -> Applied:
    """What becomes of the order; ``traded`` gets the fills of a batch with a bust in it, too."""
    if report.kind not in AMENDMENTS:
        applied = apply(order, report)
    else:
        gone = any(fill.reverses == report.refers_to for fill in traded.values())
        applied = amend(order, report, traded.get(report.refers_to or ""), gone=gone)
    traded.update({fill.fill_id: fill for fill in (applied.taken_back, applied.fill) if fill is not None})
    return applied


def _apply(
    uow: UnitOfWork, booking: Booking, order: Order | None, report: Report, traded: dict[str, Fill]
) -> Order | None:
    """The order after the report; None when there is no such order."""
    if order is None:
        return None
    applied = _after(order, report, traded)
    booking.book(applied.taken_back, applied.fill)
    booking.move(*reservation.movements(order.state, applied.order.state))
    if order.open != applied.order.open:
        booking.end(order, by=1 if order.open else -1)
    after = booking.change(applied.order, report.report_id, report.kind, report.time)
    booking.tell(order, applied.event, report.traceparent)
    return _follow_up(uow, booking, after)


def _follow_up(uow: UnitOfWork, booking: Booking, order: Order) -> Order:
    """The cancel that waited for a replace's answer leaves now."""
    asked, message = changes.follow_up(order, uow.now)
    if message is None:
        return order
    booking.send(message)
    return booking.change(asked, message.cl_ord_id, "cancel_requested", uow.now)


async def disagreeing(uow: UnitOfWork, answers: Sequence[StatusAnswer]) -> frozenset[str]:
    """Orders of which the venue knows more than we were told."""
    if not answers:
        return frozenset()
    known = await orders.load(uow, {answer.order_id for answer in answers})
    return frozenset(
        each.order_id for each in answers if each.order_id in known and each.shows_missing(known[each.order_id])
    )


async def give_up(uow: UnitOfWork, before: int) -> Reported:
    """End what no session took since a moment (wall): new orders and replaces; a cancel goes on waiting."""
    waiting = await dispatches.written_before(uow, before)
    lost = [(row, dispatch) for row, dispatch in waiting if dispatch.kind != "cancel"]
    ended = {dispatch.order.order_id for _, dispatch in lost if dispatch.kind == "new"}
    rows = {row for row, _ in lost} | {row for row, dispatch in waiting if dispatch.order.order_id in ended}
    await dispatches.remove(uow, sorted(rows))
    return await report(uow, [_not_sent(dispatch, uow.now) for _, dispatch in lost])


def _not_sent(dispatch: Dispatch, now: int) -> Report:
    return Report(
        kind="rejected" if dispatch.kind == "new" else "replace_rejected",
        report_id=f"{dispatch.cl_ord_id}:{NOT_SENT}",
        order_id=dispatch.order.order_id,
        version=dispatch.working,
        time=now,
        reason=NOT_SENT,
    )
