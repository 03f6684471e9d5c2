"""The other end of the FIX session: a broker that says what the test tells it to."""

from collections.abc import Callable, Sequence
from typing import Any

from services.contracts import money
from services.fix import messages
from services.fix.message import Body
from services.fix.messages import (
    ExecType,
    NewOrderSingle,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
    OrderStatusRequest,
    OrdStatus,
)
from services.fix.session import Exchange, Role, SessionNumbers, SessionSettings, StoredMessage
from services.fix.store import MemoryStore
from services.fix.transport import Acceptor, Endpoint

TIME = 1_723_101_000_000_000
SETTINGS = SessionSettings(
    role=Role.ACCEPTOR, sender_comp_id="BROKER", target_comp_id="ORDERS", application=messages.ORDER_ENTRY
)
Request = NewOrderSingle | OrderCancelRequest | OrderCancelReplaceRequest | OrderStatusRequest
Answer = Callable[[Any], Sequence[Body]]


class Street:
    """Keeps what it was asked; ``answer`` replies to each request at once where a test sets it."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.answer: Answer = lambda _: []
        self._store = MemoryStore()
        self.endpoint = Endpoint(SETTINGS, self, send_when_down=True)
        self.acceptor = Acceptor([self.endpoint])
        self._exec = 0

    async def load(self) -> SessionNumbers:
        return self._store.load()

    async def stored(self, begin: int, end: int) -> Sequence[StoredMessage]:
        return self._store.stored(begin, end)

    async def synchronised(self) -> None:
        """The initiator's affair."""

    async def commit(self, exchange: Exchange) -> None:
        for message in exchange.delivered:
            request = messages.read(message)
            self.asked.append(request)
            exchange.send(self.answer(request))
        self._store.keep(exchange)

    async def tell(self, *bodies: Body) -> None:
        """Send reports, or keep them for the resend when nobody listens."""

        async def send(exchange: Exchange) -> None:
            exchange.send(bodies)
            self._store.keep(exchange)

        await self.endpoint.run(send)

    def requests(self, kind: type[Any]) -> list[Any]:
        return [request for request in self.asked if isinstance(request, kind)]

    def report(self, about: Any, exec_type: ExecType, status: OrdStatus, filled: int = 0, **fields: Any) -> Body:
        """An ExecutionReport on AAPL's terms: whole shares."""
        self._exec += 1
        order_qty = getattr(about, "order_qty", None) or "0"
        leaves = 0 if status in (OrdStatus.FILLED, OrdStatus.CANCELED, OrdStatus.REJECTED) else int(order_qty) - filled
        terms: dict[str, Any] = {
            "order_id": "v1",
            "exec_id": str(self._exec),
            "exec_type": exec_type,
            "ord_status": status,
            "cl_ord_id": about.cl_ord_id,
            "account": about.account,
            "symbol": about.symbol,
            "side": about.side,
            "order_qty": order_qty,
            "leaves_qty": str(leaves),
            "cum_qty": str(filled),
            "avg_px": "0",
            "transact_time": TIME + self._exec,
        }
        return messages.ExecutionReport(**(terms | fields)).body()

    def accepted(self, order: NewOrderSingle) -> Body:
        return self.report(order, ExecType.NEW, OrdStatus.NEW)

    def fill(self, order: Any, quantity: int, filled: int, price: int = 20_000, fee: int = 100, **fields: Any) -> Body:
        """``filled`` is CumQty after it; price and fee in cents."""
        status = OrdStatus.FILLED if str(filled) == order.order_qty else OrdStatus.PARTIALLY_FILLED
        trade = {
            "last_qty": str(quantity),
            "last_px": money.text(price, 2),
            "commission": money.text(fee, 2),
            "comm_type": messages.COMM_TYPE_ABSOLUTE,
            "currency": "USD",
            "last_liquidity_ind": messages.LastLiquidityInd.REMOVED,
        }
        return self.report(order, ExecType.TRADE, status, filled, **(trade | fields))
