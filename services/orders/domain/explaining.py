"""Why a fill came about at its price, from the venue's own record of it."""

from typing import Any, Literal

import msgspec

from services.contracts import money
from services.contracts.orders import Fill, OrderState, fill_json

Why = Literal["best_price", "deeper_level", "own_limit", "busted", "corrected"]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the venue's record has of a fill beyond the report that the session brought."""

    exec_id: str
    kind: str = "trade"
    exec_ref: str = ""
    """The execution that a bust or a correction takes back."""
    trade_id: int = 0
    level: int = 0
    """Price levels that a taker had used up before this one."""
    queue: int = 0
    """Quantity that stood before a resting order when it came."""
    counterparty: str = ""
    """``feed``, ``agent``, or the order on the other side, which is nobody else's business."""


def explained(order: OrderState, fill: Fill, facts: Facts) -> dict[str, Any]:
    """A fill as its owner sees it, and what led to it; a maker has a queue, a taker a level."""
    is_maker = fill.liquidity == "maker"
    code = why(fill, facts)
    return {
        **fill_json(fill),
        "trade_id": facts.trade_id,
        "level": None if is_maker else facts.level,
        "queue_ahead": money.text(facts.queue, order.quantity_scale) if is_maker else None,
        "counterparty": facts.counterparty if facts.counterparty in {"feed", "agent"} else "trader",
        "reason": code,
        "why": _words(code, order, facts),
    }


def why(fill: Fill, facts: Facts) -> Why:
    """The stable code of what made the price."""
    if facts.kind == "busted":
        return "busted"
    if facts.kind == "corrected":
        return "corrected"
    if fill.liquidity == "maker":
        return "own_limit"
    return "deeper_level" if facts.level else "best_price"


def _words(code: Why, order: OrderState, facts: Facts) -> str:
    if code in {"busted", "corrected"}:
        return f"the broker took {facts.exec_ref} back" + (", and this is what it was" if code == "corrected" else "")
    if code == "best_price":
        return f"{_triggered(order)}it met the best price on the other side of the book"
    if code == "deeper_level":
        gone = "the better price was" if facts.level == 1 else f"{facts.level} better prices were"
        return f"{_triggered(order)}{gone} used up by this order, and this was the best that was left"
    before = money.text(facts.queue, order.quantity_scale)
    return f"it stood in the book at its own limit, behind {before} when it came, until it was its turn"


def _triggered(order: OrderState) -> str:
    if order.stop_price is None:
        return ""
    return f"the last price had reached its stop of {money.text(order.stop_price, order.price_scale)}; "
