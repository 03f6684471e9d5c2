"""What the log says of a booking, so that `tradectl logs --order` and `--trace` follow an order into the books."""

from services.runtime.resources import Running
from tests.integration.logs import REQUEST, TRACE, Logs
from tests.integration.neighbours import Neighbourhood, settled
from tests.integration.portfolio.desk import filled, order, partly


async def test_each_booked_fill_is_a_line_with_order_user_and_the_orders_trace(
    logs: Logs, around: Neighbourhood, running: Running
) -> None:
    fills = (partly(order(), 4, 20_000, 0, 1), filled(order(), 6, 20_000, 0, 2))
    await around.publish(*fills, traceparent=REQUEST)
    await settled(running)
    booked = logs.lines("portfolio", "booked")
    assert [(line["order_id"], line["user_id"], line["fill_id"]) for line in booked] == [
        ("order-1", "ann", "order-1-1"),
        ("order-1", "ann", "order-1-2"),
    ]
    assert {line["trace_id"] for line in booked} == {TRACE}
