"""What a trader is told in passing: what became of his orders, and what the platform notifies him of."""

from typing import Literal, NamedTuple

from tradectl.desk.account import Notification, OrderEvent
from tradectl.tui.figures import number
from tradectl.tui.words import said, t

Severity = Literal["information", "warning", "error"]
SEVERITIES: dict[str, Severity] = {
    "order_filled": "information",
    "order_cancelled": "information",
    "order_replaced": "information",
    "order_expired": "warning",
    "order_rejected": "error",
    "cancel_rejected": "error",
    "replace_rejected": "error",
    "trade_busted": "error",
    "trade_corrected": "error",
}
"""Events that are told; all others are seen in the blotter."""


class Toast(NamedTuple):
    """A line, its title, and how grave it is."""

    text: str
    title: str
    severity: Severity


def toast(happening: OrderEvent | Notification) -> Toast | None:
    """None of what needs no telling: a notification about an order says what its event has said."""
    if isinstance(happening, Notification):
        if happening.kind in SEVERITIES:
            return None
        return Toast(happening.text, happening.title, "information")
    severity = SEVERITIES.get(happening.event)
    if severity is None:
        return None
    order = happening.order
    quantity = order.filled_quantity if happening.event == "order_filled" else order.quantity
    text = f"{t(f'side.{order.side}')} {number(quantity)} {order.symbol}"
    if happening.event == "order_filled" and order.average_price is not None:
        text = t("toast.at", what=text, price=number(order.average_price))
    if order.reason and severity == "error":
        text = f"{text}: {said(f'refused.{order.reason}', order.reason)}"
    return Toast(text, t(f"toast.{happening.event}"), severity)
