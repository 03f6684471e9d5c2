"""A user's order as the venue keeps it, with exact running totals."""

import msgspec

from services.contracts import money
from services.contracts.instruments import Instrument
from services.contracts.orders import FINAL, OrderStatus, OrderType, Side, TimeInForce


class Order(msgspec.Struct, kw_only=True):
    """Terms and totals; ``fee_ppm`` is the exact fee in millionths of a minor unit, ``fee`` its rounded total."""

    order_id: str
    sender: str
    cl_ord_id: str
    account: str
    symbol: str
    side: Side
    type: OrderType
    tif: TimeInForce
    quantity: int
    limit_price: int | None
    stop_price: int | None
    worst_price: int | None
    created: int
    display: int | None = None
    status: OrderStatus = "new"
    triggered: bool = False
    """A stop that has become an order of the book."""
    filled: int = 0
    value: int = 0
    cost: int = 0
    fee_ppm: int = 0
    fee: int = 0
    queue: int = 0
    """Quantity that stood before it when it came to rest."""

    @property
    def buy(self) -> bool:
        return self.side == "buy"

    @property
    def open(self) -> bool:
        return self.status not in FINAL

    @property
    def leaves(self) -> int:
        return 0 if self.status in FINAL else self.quantity - self.filled

    @property
    def shown(self) -> int:
        """What stands in the book of it at once."""
        return self.leaves if self.display is None else min(self.display, self.leaves)

    @property
    def waits_for_stop(self) -> bool:
        return self.type in {"stop", "stop_limit"} and not self.triggered

    @property
    def edge(self) -> int | None:
        """The worst price that it may trade at."""
        return self.limit_price if self.type in {"limit", "stop_limit"} else self.worst_price

    def amend(
        self, instrument: Instrument, taken: tuple[int, int, int], quantity: int, price: int, rate_ppm: int
    ) -> tuple[int, int]:
        """Take a fill (its quantity, price and fee) back, and book it anew where there is a quantity.

        The new cost and fee or, without one, what comes back of them.
        """
        before = self.status
        costs = self.take_back(instrument, *taken), taken[2]
        if quantity:
            costs = self.fill(instrument, quantity, price, rate_ppm)
        if before not in FINAL:
            self.status = "partially_filled" if self.filled else "new"
        else:
            self.status = "cancelled" if before == "filled" and self.filled < self.quantity else before
        return costs

    def take_back(self, instrument: Instrument, quantity: int, price: int, fee: int) -> int:
        """Undo a fill: the fee comes back as it was charged, of the cost what the rounded total falls by."""
        self.filled -= quantity
        self.value -= quantity * price
        cost = money.cost(self.value, instrument.value_scale, instrument.currency)
        part, self.cost = self.cost - cost, cost
        self.fee_ppm -= fee * money.PPM
        self.fee -= fee
        return part

    def fill(self, instrument: Instrument, quantity: int, price: int, rate_ppm: int) -> tuple[int, int]:
        """Book a fill: its cost and fee are the differences of the rounded running totals."""
        self.filled += quantity
        self.value += quantity * price
        cost = money.cost(self.value, instrument.value_scale, instrument.currency)
        part, self.cost = cost - self.cost, cost
        self.fee_ppm += part * rate_ppm
        fee = -(-self.fee_ppm // money.PPM)
        charged, self.fee = fee - self.fee, fee
        self.status = "filled" if self.filled == self.quantity else "partially_filled"
        return part, charged
