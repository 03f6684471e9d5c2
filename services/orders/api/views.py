"""How an order's life looks to its owner."""

from collections.abc import Mapping
from typing import Any

from services.contracts import money
from services.contracts.orders import OrderState, fill_json, order_json
from services.contracts.times import rfc3339
from services.orders.domain.explaining import Facts, explained
from services.orders.domain.order import Entry
from services.orders.store.pages import Life


def life_json(life: Life) -> dict[str, Any]:
    """The order, its history and its fills."""
    state = life.order.state
    return {
        **order_json(state),
        "reserved": _reserved(state),
        "history": [_line(entry, state) for entry in life.history],
        "fills": [fill_json(fill) for fill in life.fills],
    }


def explained_json(life: Life, facts: Mapping[str, Facts]) -> dict[str, Any]:
    """The fills that the venue's record has, with what led to them."""
    state = life.order.state
    return {
        "id": state.order_id,
        "symbol": state.symbol,
        "side": state.side,
        "type": state.type,
        "fills": [explained(state, fill, facts[fill.fill_id]) for fill in life.fills if fill.fill_id in facts],
    }


def _reserved(state: OrderState) -> str:
    """Money of a buy, shares of a sell."""
    scale = money.CURRENCY_SCALES[state.currency] if state.side == "buy" else state.quantity_scale
    return money.text(state.reserved, scale)


def _line(entry: Entry, state: OrderState) -> dict[str, Any]:
    return {
        "event": entry.kind,
        "status": entry.status,
        "filled_quantity": money.text(entry.filled, state.quantity_scale),
        "reason": entry.reason,
        "time": rfc3339(entry.time),
    }
