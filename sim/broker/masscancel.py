"""OrderMassCancelRequest: a cancel for each open order of the session, or for those on one symbol."""

from services.fix.message import Body
from services.fix.messages import (
    MassCancelRequestType,
    MassCancelResponse,
    OrderMassCancelReport,
    OrderMassCancelRequest,
)
from sim.broker.reports import NONE
from sim.venue.exchange import Exchange
from sim.venue.orders import Cancel, Command, NewOrder


def add(request: OrderMassCancelRequest, client: str, venue: Exchange, commands: list[Command]) -> Body:
    """Add the cancels to the commands, and say how many there are."""
    symbol = request.symbol if request.mass_cancel_request_type == MassCancelRequestType.SECURITY else None
    known = request.mass_cancel_request_type == MassCancelRequestType.ALL_ORDERS or symbol in venue.instruments
    if not known:
        return _report(request, MassCancelResponse.REJECTED, 0, "unknown_symbol" if symbol else "unsupported")
    open_orders = [(order.cl_ord_id, order.symbol) for order in venue.open_orders(client)]
    open_orders += [(command.cl_ord_id, command.symbol) for command in commands if isinstance(command, NewOrder)]
    wanted = [cl_ord_id for cl_ord_id, of in open_orders if symbol in {None, of}]
    commands += [
        Cancel(sender=client, cl_ord_id=f"{request.cl_ord_id}.{number}", orig_cl_ord_id=cl_ord_id)
        for number, cl_ord_id in enumerate(wanted, 1)
    ]
    return _report(request, MassCancelResponse(request.mass_cancel_request_type), len(wanted), None)


def _report(request: OrderMassCancelRequest, response: MassCancelResponse, affected: int, text: str | None) -> Body:
    return OrderMassCancelReport(
        order_id=NONE,
        cl_ord_id=request.cl_ord_id,
        mass_cancel_request_type=request.mass_cancel_request_type,
        mass_cancel_response=response,
        total_affected_orders=affected,
        text=text,
    ).body()
