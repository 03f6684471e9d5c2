"""What a use case changes, gathered order by order and written with one statement a table."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from services.contracts.event import Event
from services.contracts.orders import Fill
from services.kernel.uow import UnitOfWork
from services.orders.domain.changes import Dispatch
from services.orders.domain.order import Entry, Order, recorded
from services.orders.domain.reservation import Movement
from services.orders.store import dispatches, ledger, orders
from services.runtime import trace

Lay = Callable[[UnitOfWork, Sequence[Dispatch]], Awaitable[None]]
"""Where messages for the broker go: to lie until the gateway looks, or to the session with this transaction."""
lay_down: Lay = dispatches.add


class Booking:
    """Nothing of it is written before ``write``."""

    def __init__(self) -> None:
        self._new: dict[str, Order] = {}
        self._changed: dict[str, Order] = {}
        self._entries: list[Entry] = []
        self._fills: list[Fill] = []
        self._movements: list[Movement] = []
        self._ended: Counter[str] = Counter()
        self._dispatches: list[Dispatch] = []
        self._events: list[tuple[str | None, Event]] = []

    def place(self, order: Order, entry_id: str) -> Order:
        """A new order, as it was placed."""
        return self._record(order, entry_id, "placed", order.state.created, self._new)

    def change(self, order: Order, entry_id: str, kind: str, time: int) -> Order:
        """An order after something was asked or reported."""
        return self._record(order, entry_id, kind, time, self._changed)

    def restate(self, order: Order) -> None:
        """An order that changed in what its history does not tell."""
        self._changed[order.state.order_id] = order

    def send(self, *messages: Dispatch | None) -> None:
        """Messages for the broker."""
        self._dispatches += [message for message in messages if message is not None]

    def book(self, *fills: Fill | None) -> None:
        """Fills."""
        self._fills += [fill for fill in fills if fill is not None]

    def move(self, *movements: Movement) -> None:
        """Changes of balances."""
        self._movements += movements

    def end(self, order: Order, by: int = 1) -> None:
        """Count an order that is open no more; by -1 one that is open again."""
        self._ended[order.state.account_id] += by

    def tell(self, order: Order, event: Event, traceparent: str | None = None) -> None:
        """An event, caused by the span named, or else by the request that placed the order."""
        self._events.append((traceparent or order.traceparent, event))

    async def write(self, uow: UnitOfWork, lay: Lay = lay_down) -> None:
        """Write it all."""
        if self._new:
            await orders.add(uow, list(self._new.values()))
        if self._changed:
            await orders.save(uow, self._changed.values())
        if self._entries:
            await orders.add_entries(uow, self._entries)
        if self._fills:
            await orders.add_fills(uow, self._fills)
        if self._dispatches:
            await lay(uow, self._dispatches)
        await ledger.closed(uow, self._ended)
        await ledger.move(uow, self._movements)
        for traceparent, event in self._events:
            with trace.within(trace.named(traceparent) or trace.current()):
                uow.emit(event)

    def _record(self, order: Order, entry_id: str, kind: str, time: int, among: dict[str, Order]) -> Order:
        order, entry = recorded(order, entry_id, kind, time)
        self._entries.append(entry)
        among[order.state.order_id] = order
        return order
