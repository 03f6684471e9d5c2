"""Events of orders; the aggregate is the order, or the deposit or withdrawal for a saga's answer."""

from typing import ClassVar

from services.contracts.event import Event
from services.contracts.orders import Fill, OrderState


class OrderEvent(Event):
    """Carries the order as it is after the event."""

    producer: ClassVar[str] = "orders"
    order: OrderState

    @property
    def key(self) -> str:
        return self.order.order_id

    @property
    def partition(self) -> str:
        return self.order.account_id


class OrderPlaced(OrderEvent):
    """Written with its reservation; not yet at the venue."""

    name: ClassVar[str] = "order_placed"


class OrderAccepted(OrderEvent):
    """The venue has it."""

    name: ClassVar[str] = "order_accepted"


class OrderRejected(OrderEvent):
    """The venue refused it, or it never left (``not_sent``)."""

    name: ClassVar[str] = "order_rejected"


class OrderPartiallyFilled(OrderEvent):
    """A fill that leaves something open; also one that comes after a cancel or a replace was asked for."""

    name: ClassVar[str] = "order_partially_filled"
    fill: Fill


class OrderFilled(OrderEvent):
    """The last fill."""

    name: ClassVar[str] = "order_filled"
    fill: Fill


class OrderCancelled(OrderEvent):
    """Ended by the trader, by time in force or by the venue; the reason says which."""

    name: ClassVar[str] = "order_cancelled"


class CancelRejected(OrderEvent):
    """Too late to cancel."""

    name: ClassVar[str] = "cancel_rejected"


class OrderReplaced(OrderEvent):
    """New quantity or price stand."""

    name: ClassVar[str] = "order_replaced"


class ReplaceRejected(OrderEvent):
    """The old terms stand."""

    name: ClassVar[str] = "replace_rejected"


class OrderExpired(OrderEvent):
    """The day, or the session, ended."""

    name: ClassVar[str] = "order_expired"


class TradeBusted(OrderEvent):
    """A trade never was: the fill takes it back, by a quantity, a cost and a fee that are negative."""

    name: ClassVar[str] = "trade_busted"
    fill: Fill


class TradeCorrected(OrderEvent):
    """A trade was another: ``taken_back`` takes it back, ``fill`` is what it was."""

    name: ClassVar[str] = "trade_corrected"
    taken_back: Fill
    fill: Fill


class CashCredited(Event):
    """The risk ledger took a deposit; ``asset`` is a currency, or a symbol for shares."""

    name: ClassVar[str] = "cash_credited"
    producer: ClassVar[str] = "orders"
    deposit_id: str
    account_id: str
    asset: str
    amount: int
    scale: int

    @property
    def key(self) -> str:
        return self.deposit_id

    @property
    def partition(self) -> str:
        return self.account_id


class WithdrawalAnswer(Event):
    """What the risk ledger did for a withdrawal; ``amount`` in minor units of the currency that ``asset`` names."""

    producer: ClassVar[str] = "orders"
    withdrawal_id: str
    account_id: str
    asset: str
    amount: int

    @property
    def key(self) -> str:
        return self.withdrawal_id

    @property
    def partition(self) -> str:
        return self.account_id


class CashReserved(WithdrawalAnswer):
    """It was free, and no order can take it any more."""

    name: ClassVar[str] = "cash_reserved"


class CashRefused(WithdrawalAnswer):
    """It was not free; nothing was reserved. The reason is a stable code."""

    name: ClassVar[str] = "cash_refused"
    reason: str


class CashReleased(WithdrawalAnswer):
    """The withdrawal is booked: its reservation and its money have left the risk ledger."""

    name: ClassVar[str] = "cash_released"
