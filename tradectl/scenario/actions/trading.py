"""Orders: placed, cancelled, replaced, and waited for."""

from typing import Any

from tradectl.scenario.actions.people import fresh_id
from tradectl.scenario.actions.refusals import tried
from tradectl.scenario.failures import Unmet
from tradectl.scenario.matching import Mismatch
from tradectl.scenario.model import orders as model
from tradectl.scenario.stage import Stage
from tradectl.trader.client import Client
from tradectl.trader.failures import Failed

FINAL = {"filled", "cancelled", "rejected", "expired"}


def place(stage: Stage, step: model.Place, within: float) -> Any:
    """A new order."""
    client = stage.client(step.actor)
    terms = {
        "client_order_id": step.id or fresh_id(),
        "symbol": step.symbol,
        "side": step.side,
        "type": step.type,
        "tif": step.tif,
        "quantity": step.quantity,
        "limit_price": stage.price(step.limit, step.symbol, client),
        "stop_price": stage.price(step.stop, step.symbol, client),
    }
    body = {name: value for name, value in terms.items() if value is not None}
    what = f"{step.side} {step.quantity} {step.symbol}"
    placed, done = tried(lambda: client.post("/orders", body), step.refused, what)
    return await_status(stage, client, placed, step.status, within) if done else placed


def cancel(stage: Stage, step: model.Cancel, within: float) -> Any:
    """Ask for the end of one order or of several."""
    client = stage.client(step.actor)
    if step.order is None:
        query = None if step.symbol in (None, "all") else {"symbol": str(step.symbol)}
        return client.send("DELETE", "/orders", query=query)
    path = f"/orders/{stage.order_id(step.order)}"
    asked, done = tried(lambda: client.send("DELETE", path), step.refused, f"cancel {step.order}")
    return await_status(stage, client, asked, step.status, within) if done else asked


def replace(stage: Stage, step: model.Replace, within: float) -> Any:
    """Ask for other terms."""
    client = stage.client(step.actor)
    path = f"/orders/{stage.order_id(step.order)}"
    prices = {"limit_price": step.limit, "stop_price": step.stop}
    symbol = str(client.get(path)["symbol"]) if any(prices.values()) else ""
    terms = {"quantity": step.quantity, **{name: stage.price(text, symbol, client) for name, text in prices.items()}}
    body = {name: value for name, value in terms.items() if value is not None}
    asked, done = tried(lambda: client.send("PATCH", path, body=body), step.refused, f"replace {step.order}")
    return await_status(stage, client, asked, step.status, within) if done else asked


def await_status(stage: Stage, client: Client, order: Any, status: str | None, within: float) -> Any:
    """The order once it has the status; Unmet as soon as it has ended otherwise."""
    if status is None:
        return order
    seen: dict[str, Any] = order

    def reached() -> Any:
        nonlocal seen
        seen = client.get(f"/orders/{order['id']}")
        return seen if seen["status"] == status or seen["status"] in FINAL else None

    try:
        stage.pace.until(reached, f"order {order['id']} {status}", within)
    except Failed as error:
        raise Unmet(str(error), [Mismatch("status", status, seen["status"])]) from error
    if seen["status"] != status:
        raise Unmet(f"order {order['id']}", [Mismatch("status", status, f"{seen['status']} ({seen['reason']})")])
    return seen
