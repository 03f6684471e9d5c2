"""The broker's record held against our orders: those that we lack are taken from it, with all that became of them."""

from collections import defaultdict
from collections.abc import Sequence

from services.contracts.errors import DomainError
from services.kernel.peers import Peer
from services.kernel.service import Service
from services.orders.domain.adopting import Placement
from services.orders.gateway import executions
from services.orders.gateway.executions import Execution
from services.orders.gateway.telling import Telling
from services.orders.handlers import adopting

ASKED = 500
"""Orders that are looked for at once."""
FIRST = {"new", "rejected"}
"""What the venue says of an order first, with all of its terms."""


async def adopt(service: Service, telling: Telling, sender: str) -> dict[str, list[str]]:
    """The ids of orders that were taken over, and of those that could not be; PeerUnavailable without the record.

    ``sender`` is our name at the broker.
    """
    done: dict[str, list[str]] = {"adopted": [], "refused": []}
    record = await _by_order(service.peers["broker.http"], sender)
    for order_id in await _unknown(service, list(record)):
        placement = placement_of(order_id, record[order_id])
        reports = [report for each in record[order_id] if (report := executions.report_of(each, sender))]
        try:
            if placement is not None:
                await service.database.transact(adopting.adopt, placement)
        except DomainError as refusal:
            service.log.warning("an order of the venue is not taken over", order_id=order_id, why=refusal.code)
            placement = None
        done["refused" if placement is None else "adopted"].append(order_id)
        if placement is not None:
            telling.reported((await service.database.transact(adopting.catch_up, reports)).told)
    return done


async def _by_order(broker: Peer, sender: str) -> dict[str, list[Execution]]:
    """What the record has of our orders, in its order."""
    found: dict[str, list[Execution]] = defaultdict(list)
    async for page in executions.since(broker, 0):
        for each in page:
            report = executions.report_of(each, sender)
            if report is not None:
                found[report.order_id].append(each)
    return found


async def _unknown(service: Service, order_ids: Sequence[str]) -> list[str]:
    lacking: set[str] = set()
    for start in range(0, len(order_ids), ASKED):
        async with service.database.reading() as connection:
            lacking |= await adopting.unknown(connection, order_ids[start : start + ASKED])
    return [order_id for order_id in order_ids if order_id in lacking]


def placement_of(order_id: str, record: Sequence[Execution]) -> Placement | None:
    """The order as it was placed; none when its record does not begin with that."""
    first = record[0]
    if first.kind not in FIRST or not first.account:
        return None
    return Placement(
        order_id=order_id,
        account=first.account,
        symbol=first.symbol,
        side=first.side,
        type=first.type,
        tif=first.tif,
        quantity=first.quantity,
        limit_price=first.limit_price,
        stop_price=first.stop_price,
        dearest=max((each.last_price for each in record if each.kind == "trade"), default=0),
        time=first.time,
    )
