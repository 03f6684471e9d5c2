"""A trade that is busted or corrected: taken back by an entry of its own, the fill as it was written stays."""

from msgspec.structs import replace

from services.contracts.events.orders import OrderEvent, TradeBusted, TradeCorrected
from services.contracts.orders import Fill, OrderState
from services.orders.domain import reservation, states
from services.orders.domain.order import Order
from services.orders.domain.reports import REASON, Applied, MissingFills, NotAdmitted, Report


def amend(order: Order, report: Report, fill: Fill | None, *, gone: bool) -> Applied:
    """The order after a bust or correction of a fill, which is ``gone`` where another report took it back before.

    An open order gets back what it takes, and reserves for it; one that has ended gets nothing. MissingFills when the
    fill is not known yet, NotAdmitted when it is gone, or another order's.
    """
    if fill is None:
        raise MissingFills
    if gone or fill.order_id != order.state.order_id:
        raise NotAdmitted
    without, back = _taken_back(order.state, fill, report)
    state, again = (without, None) if report.kind == "busted" else _done_again(without, fill, report)
    standing = _standing(order, state)
    if standing is None:
        raise NotAdmitted
    if standing != order.standing == "filled":
        state = replace(state, reason=(report.reason or "")[:REASON] or None)
    after = _settled(replace(order, state=state, standing=standing), report.time)
    return Applied(order=after, event=_event(after, back, again), fill=again, taken_back=back)


def _taken_back(state: OrderState, fill: Fill, report: Report) -> tuple[OrderState, Fill]:
    """The cost comes back as the difference of the rounded running totals, the fee as it was charged."""
    without = replace(
        state,
        filled=state.filled - fill.quantity,
        value=state.value - fill.quantity * fill.price,
        fees=state.fees - fill.fee,
    )
    back = replace(
        fill,
        fill_id=report.report_id if report.kind == "busted" else f"{report.report_id}:back",
        quantity=-fill.quantity,
        cost=reservation.spent(without) - reservation.spent(state),
        fee=-fill.fee,
        time=report.time,
        reverses=fill.fill_id,
        traded=fill.time,
    )
    return without, back


def _done_again(state: OrderState, fill: Fill, report: Report) -> tuple[OrderState, Fill]:
    after = replace(
        state,
        filled=state.filled + report.quantity,
        value=state.value + report.quantity * report.price,
        fees=state.fees + report.fee,
    )
    again = replace(
        fill,
        fill_id=report.report_id,
        quantity=report.quantity,
        price=report.price,
        cost=reservation.spent(after) - reservation.spent(state),
        fee=report.fee,
        time=report.time,
    )
    return after, again


def _standing(order: Order, state: OrderState) -> states.Standing | None:
    """A filled order stays so when it is only the price that was another."""
    if order.standing == "filled" and state.filled >= state.quantity:
        return "filled"
    return states.after(order.standing, "amended" if state.filled else "taken_back")


def _settled(order: Order, time: int) -> Order:
    state = order.state
    return replace(
        order,
        state=replace(
            state,
            status=states.status(order.standing, order.request, order.cancel_next),
            reserved=reservation.to_hold(order),
            updated=max(state.updated, time),
        ),
    )


def _event(order: Order, back: Fill, again: Fill | None) -> OrderEvent:
    if again is None:
        return TradeBusted(order=order.state, fill=back)
    return TradeCorrected(order=order.state, taken_back=back, fill=again)
