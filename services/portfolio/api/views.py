"""How the portfolio's rows look to their owner: decimal strings and RFC 3339 times."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from services.contracts import money
from services.contracts.instruments import Instrument
from services.contracts.market import Quote
from services.contracts.times import rfc3339

Row = Mapping[Any, Any]
Rows = Sequence[Row]


def portfolio_json(
    account: Mapping[str, Rows], terms: Mapping[str, Instrument], quotes: Mapping[str, Quote]
) -> dict[str, Any]:
    """Cash and positions; the market's figures are null where there is no quote."""
    reserved = Counter({row["asset"]: int(row["amount"]) for row in account["reserved"]})
    reserved.update({row["asset"]: int(row["amount"]) for row in account["asked"]})
    lots: dict[str, list[Row]] = {}
    for lot in account["lots"]:
        lots.setdefault(lot["symbol"], []).append(lot)
    return {
        "cash": [cash_json(row, reserved[row["currency"]]) for row in account["cash"]],
        "positions": [
            position_json(row, lots.get(row["symbol"], []), terms.get(row["symbol"]), quotes.get(row["symbol"]))
            | {"reserved": money.text(reserved[row["symbol"]], row["quantity_scale"])}
            for row in account["positions"]
        ],
    }


def cash_json(row: Row, reserved: int) -> dict[str, Any]:
    """Total, reserved and free money of one currency."""
    scale = money.CURRENCY_SCALES[row["currency"]]
    return {
        "currency": row["currency"],
        "total": money.text(row["amount"], scale),
        "reserved": money.text(reserved, scale),
        "free": money.text(row["amount"] - reserved, scale),
    }


def position_json(row: Row, lots: Rows, instrument: Instrument | None, quote: Quote | None) -> dict[str, Any]:
    """One position with its lots."""
    scale = money.CURRENCY_SCALES[row["currency"]]
    return {
        "symbol": row["symbol"],
        "currency": row["currency"],
        "quantity": money.text(row["quantity"], row["quantity_scale"]),
        "cost": money.text(row["cost"], scale),
        "average_cost": average_cost(row["cost"], row["quantity"], row["quantity_scale"], scale),
        "realised": money.text(row["realised"], scale),
        "realised_fifo": money.text(row["realised_fifo"], scale),
        **market_json(row, instrument, quote, scale),
        "lots": [lot_json(lot, row["quantity_scale"], scale) for lot in lots],
    }


def average_cost(cost: int, quantity: int, quantity_scale: int, scale: int) -> str | None:
    """Cost of one whole unit, rounded half up to two decimals more than the currency has."""
    if not quantity:
        return None
    numerator = abs(cost) * 100 * 10**quantity_scale
    return money.text((2 * numerator + abs(quantity)) // (2 * abs(quantity)), scale + 2)


def market_json(row: Row, instrument: Instrument | None, quote: Quote | None, scale: int) -> dict[str, str | None]:
    """What the position is worth at the last price, and what that gains over its cost and over yesterday."""
    last = quote.last if quote else None
    if instrument is None or last is None or quote is None:
        return {"market_value": None, "unrealised": None, "day_change": None}
    value = worth(row["quantity"], last, instrument)
    before = quote.previous_close
    return {
        "market_value": money.text(value, scale),
        "unrealised": money.text(value - row["cost"], scale),
        "day_change": None if before is None else money.text(value - worth(row["quantity"], before, instrument), scale),
    }


def worth(quantity: int, price: int, instrument: Instrument) -> int:
    """Minor units of a quantity at a price."""
    value = money.cost(abs(quantity) * price, instrument.value_scale, instrument.currency)
    return value if quantity >= 0 else -value


def lot_json(lot: Row, quantity_scale: int, scale: int) -> dict[str, str]:
    """What is left of one purchase."""
    return {
        "id": lot["lot_id"],
        "opened_at": rfc3339(lot["opened"]),
        "quantity": money.text(lot["quantity"], quantity_scale),
        "cost": money.text(lot["cost"], scale),
    }


def trade_json(row: Row) -> dict[str, Any]:
    """A booked fill."""
    scale = money.CURRENCY_SCALES[row["currency"]]
    return {
        "fill_id": row["fill_id"],
        "order_id": row["order_id"],
        "symbol": row["symbol"],
        "side": row["side"],
        "price": money.text(row["price"], row["price_scale"]),
        "quantity": money.text(row["quantity"], row["quantity_scale"]),
        "cost": money.text(row["cost"], scale),
        "fee": money.text(row["fee"], scale),
        "currency": row["currency"],
        "liquidity": row["liquidity"],
        "realised": money.text(row["realised"], scale),
        "time": rfc3339(row["time"]),
        "reverses": row["reverses"],
    }


def movement_json(row: Row, scales: Mapping[str, int]) -> dict[str, Any]:
    """A line of the ledger."""
    asset = row["asset"]
    scale = money.CURRENCY_SCALES[asset] if asset in money.CURRENCY_SCALES else scales[asset]
    return {
        "cause": row["cause"],
        "kind": row["kind"],
        "debit": row["debit"],
        "credit": row["credit"],
        "asset": asset,
        "amount": money.text(row["amount"], scale),
        "time": rfc3339(row["time"]),
    }


def deposit_json(row: Row) -> dict[str, Any]:
    """A deposit and how far it is."""
    return {
        "id": row["deposit_id"],
        "asset": row["asset"],
        "amount": money.text(row["amount"], row["scale"]),
        "status": row["status"],
    }


def withdrawal_json(row: Row) -> dict[str, Any]:
    """A withdrawal and how far it is."""
    return {
        "id": row["withdrawal_id"],
        "asset": row["asset"],
        "amount": money.text(row["amount"], row["scale"]),
        "status": row["status"],
        "reason": row["reason"],
        "requested_at": rfc3339(row["created"]),
    }
