"""The order with what only this service knows of it: where it stands, what is asked, what bounds its cost."""

from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from services.contracts.instruments import Instrument
from services.contracts.orders import FINAL, OrderState, OrderStatus, OrderType, Side, TimeInForce
from services.orders.domain.states import RequestKind, Standing


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """What the trader filled in; amounts are decimal strings until the instrument gives their scales."""

    account_id: str
    client_order_id: str
    symbol: str
    side: Side
    type: OrderType
    tif: TimeInForce
    quantity: str
    limit_price: str | None = None
    stop_price: str | None = None
    traceparent: str | None = None
    """Of the request that brought it."""

    @property
    def fingerprint(self) -> str:
        """What two tickets share that ask for the same order."""
        asked = (self.symbol, self.side, self.type, self.tif, self.quantity, self.limit_price, self.stop_price)
        return blake2b(repr(asked).encode(), digest_size=16).hexdigest()


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument and the price that its band stands around, none before the first."""

    instrument: Instrument
    reference: int | None = None

    @property
    def band(self) -> tuple[int, int] | None:
        """Lowest and highest price accepted now."""
        return None if self.reference is None else self.instrument.band(self.reference)

    @property
    def fee_ppm(self) -> int:
        """The highest fee of a fill, parts per million."""
        return max(0, self.instrument.maker_fee_ppm, self.instrument.taker_fee_ppm)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a replace may change. ``worst_price``: no fill of a buy may cost more, none of a sell bring less."""

    quantity: int
    limit_price: int | None = None
    stop_price: int | None = None
    worst_price: int = 0


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """``version`` counts the ClOrdIDs given to this order, ``working`` is the one that stands at the venue."""

    state: OrderState
    standing: Standing
    worst_price: int
    fee_ppm: int
    """The highest fee when it was placed, for life."""
    version: int = 1
    working: int = 1
    request: RequestKind | None = None
    """The one request in flight."""
    asked: Terms | None = None
    """The terms of a replace in flight."""
    cancel_next: bool = False
    """A cancel that leaves when the replace in flight is answered."""
    fingerprint: str = ""
    """Of the ticket: what a repeated client_order_id must come with."""
    entries: int = 0
    """Lines of its history."""
    placed: int = 0
    """Wall time, microseconds."""
    traceparent: str | None = None
    """The trace of the request that placed it; what becomes of the order belongs to it too."""

    @property
    def open(self) -> bool:
        """Whether more may come of it at the venue."""
        return self.standing not in FINAL

    @property
    def terms(self) -> Terms:
        """The terms that stand."""
        return Terms(
            quantity=self.state.quantity,
            limit_price=self.state.limit_price,
            stop_price=self.state.stop_price,
            worst_price=self.worst_price,
        )

    @property
    def asset(self) -> str:
        """What is reserved for it: the currency of a buy, the shares of a sell."""
        return self.state.currency if self.state.side == "buy" else self.state.symbol


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an order's history; ``entry_id`` is unique: the ClOrdID of a request, the ExecID of a report."""

    entry_id: str
    order_id: str
    number: int
    kind: str
    status: OrderStatus
    filled: int
    reason: str | None
    time: int
    """Market time, microseconds."""


def recorded(order: Order, entry_id: str, kind: str, time: int) -> tuple[Order, Entry]:
    """The order with one more line in its history, and the line."""
    state = order.state
    entry = Entry(
        entry_id=entry_id,
        order_id=state.order_id,
        number=order.entries + 1,
        kind=kind,
        status=state.status,
        filled=state.filled,
        reason=state.reason,
        time=time,
    )
    return replace(order, entries=entry.number), entry


def cl_ord_id(order_id: str, version: int) -> str:
    """The ClOrdID of a version: new for the order, and for each cancel and replace."""
    return f"{order_id}-{version}"


def of_cl_ord_id(text: str) -> tuple[str, int]:
    """Order id and version; the version is 0 when the ClOrdID is none of ours."""
    order_id, _, version = text.rpartition("-")
    return (order_id, int(version)) if order_id and version.isascii() and version.isdigit() else (text, 0)
