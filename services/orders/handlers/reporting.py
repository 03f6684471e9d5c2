"""What the venue reports: each report applied once, a whole batch with one statement a table."""

from collections.abc import Sequence
from typing import NamedTuple

from services.kernel.uow import UnitOfWork
from services.orders.domain import changes, reservation
from services.orders.domain.changes import Dispatch
from services.orders.domain.order import Order
from services.orders.domain.reports import MissingFills, NotAdmitted, Report, ReportKind, StatusAnswer, apply
from services.orders.handlers.booking import Booking
from services.orders.store import dispatches, orders, unmatched

NOT_SENT = "not_sent"


class Told(NamedTuple):
    """One report that was applied, for log and metrics; the age is from the order's placing (wall, microseconds)."""

    kind: ReportKind
    order: Order
    age: int


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
    strangers: list[unmatched.Unmatched] = []
    for each in reports:
        order = known.get(each.order_id)
        if each.report_id in seen:
            continue
        try:
            after = _apply(uow, booking, order, each)
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
        told.append(Told(each.kind, after, uow.wall - after.placed))
    await booking.write(uow)
    if strangers:
        await unmatched.keep(uow, strangers)
    return Reported(told, frozenset(missing))


def _apply(uow: UnitOfWork, booking: Booking, order: Order | None, report: Report) -> Order | None:
    """The order after the report; None when there is no such order."""
    if order is None:
        return None
    applied = apply(order, report)
    booking.book(applied.fill)
    booking.move(*reservation.movements(order.state, applied.order.state))
    if order.open != applied.order.open:
        booking.end(order, by=1 if order.open else -1)
    after = booking.change(applied.order, report.report_id, report.kind, report.time)
    booking.tell(order, applied.event)
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
