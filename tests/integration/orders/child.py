"""Orders and the exchange in a process to be killed: FOLDER BROKER. Trades, settles, holds itself to account."""

import asyncio
import sys
from pathlib import Path

import httpx

from services.contracts.events.portfolio import CashDeposited
from services.contracts.orders import FINAL
from services.runtime import killpoints
from tests.eventually import eventually
from tests.integration.orders.desk import ticket
from tests.integration.orders.exchange import CASH, Floor, agrees, floor

ORDERS = 20
SIDE = ("buy", "buy", "sell", "buy")
AGREED = "agreed"


async def main(folder: Path, broker: str) -> None:
    """Killed anywhere and started again, the same orders are placed once and booked as the venue has them."""
    killpoints.arm_from_environment()
    async with floor(folder, broker) as exchange, exchange.orders(), exchange.client("ann") as ann:
        await exchange.publish(CashDeposited(deposit_id="d1", account_id="ann", asset="USD", amount=CASH, scale=2))

        async def funded() -> bool:
            return bool((await exchange.balance("ann"))["total"])

        await eventually(funded)
        await asyncio.gather(*(trade(ann, first) for first in range(4)))
        await settle(exchange)
        await agrees(exchange, "ann")
        assert len((await exchange.state())["orders"]) == ORDERS
    sys.stdout.write(AGREED)


async def trade(ann: httpx.AsyncClient, first: int) -> None:
    """Every fourth order, one after the other; a sale that cannot be covered yet is tried again."""
    for number in range(first, ORDERS, 4):
        body = ticket(type="market", limit_price=None, side=SIDE[number % 4], client_order_id=f"c{number}")

        async def placed(body: dict[str, object] = body) -> bool:
            return (await ann.post("/orders", json=body)).status_code in (200, 201)

        await eventually(placed)


async def settle(exchange: Floor) -> None:
    """Until no order is open and no session is to be resumed."""

    async def ended() -> bool:
        return all(order["status"] in FINAL for order in (await exchange.state())["orders"])

    await eventually(ended, timeout=15)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
