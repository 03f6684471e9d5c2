"""What goes into a digest: accounts, orders, fills, cash, positions and the venue's record, in business order.

An account goes by its address and an order by its client_order_id: ids and wall times differ from run to run. Amounts
are decimal strings, times market time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from services.contracts import money
from services.contracts.times import rfc3339
from tradectl.audit.snapshot import Row, Snapshot

KINDS = ("account", "order", "fill", "cash", "position", "execution")
"""In this order."""
READ = ("auth", "orders", "portfolio")
"""Services whose pages are read."""


class Names:
    """What accounts and orders are called in a digest."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._emails = {row["id"]: str(row["email"]) for row in snapshot.rows("auth.users")}
        self.orders: Mapping[str, Row] = {str(row["order_id"]): row for row in snapshot.rows("orders.orders")}
        self.scales = {str(row["symbol"]): int(row["quantity_scale"]) for row in snapshot.rows("portfolio.positions")}
        for order in self.orders.values():
            self.scales[order["symbol"]] = order["quantity_scale"]

    def account(self, account_id: str) -> str:
        """The address; the id of an account that no user has, such as one of the broker's own clients."""
        return self._emails.get(account_id, account_id)

    def order(self, row: Row) -> dict[str, Any]:
        """Whose order, and which."""
        return {"account": self.account(row["account_id"]), "client_order_id": row["client_order_id"]}

    def amount(self, asset: str, amount: int) -> str:
        """Of a currency, or of shares."""
        scale = money.CURRENCY_SCALES.get(asset, self.scales.get(asset))
        return f"{amount} units" if scale is None else money.text(amount, scale)


def rows(snapshot: Snapshot) -> list[Row]:
    """All of them, each with its ``kind``."""
    names = Names(snapshot)
    found: list[Row] = []
    for kind, of_kind in zip(KINDS, (_accounts, _orders, _fills, _cash, _positions, _executions), strict=True):
        found += [{"kind": kind, **row} for row in sorted(of_kind(snapshot, names), key=business_order)]
    return found


def business_order(row: Row) -> tuple[str, ...]:
    """By account, then what is its own, then the number where there is one."""
    own = (row.get("client_order_id"), row.get("currency"), row.get("symbol"))
    return row["account"], *(str(each or "") for each in own), f"{row.get('number', 0):09}"


def _accounts(snapshot: Snapshot, names: Names) -> Iterator[Row]:
    for user in snapshot.rows("auth.users"):
        yield {
            "account": names.account(user["id"]),
            "language": user["language"],
            "roles": user["roles"],
            "blocked": bool(user["blocked"]),
            "verified": user["verified"] is not None,
        }


def _orders(snapshot: Snapshot, names: Names) -> Iterator[Row]:
    histories = defaultdict(list)
    for line in sorted(snapshot.rows("orders.history"), key=lambda line: (line["order_id"], line["number"])):
        histories[line["order_id"]].append(f"{line['kind']} {line['status']}")
    for order in snapshot.rows("orders.orders"):
        price, quantity, minor = _scales(order)
        bought = order["currency"] if order["side"] == "buy" else order["symbol"]
        yield {
            **names.order(order),
            **{name: order[name] for name in ("symbol", "side", "type", "tif")},
            "quantity": money.text(order["quantity"], quantity),
            **{name: _text(order[name], price) for name in ("limit_price", "stop_price")},
            "status": order["status"],
            "reason": order["reason"],
            "filled": money.text(order["filled"], quantity),
            "value": money.text(order["value"], price + quantity),
            "fees": money.text(order["fees"], minor),
            "reserved": names.amount(bought, order["reserved"]),
            "states": histories[order["order_id"]],
        }


def _fills(snapshot: Snapshot, names: Names) -> Iterator[Row]:
    numbers: Counter[str] = Counter()
    for fill in sorted(snapshot.rows("orders.fills"), key=lambda fill: str(fill["fill_id"])):
        order = names.orders.get(fill["order_id"])
        if order is None:  # the audit says so; whatever is written down is part of the digest
            yield {"account": names.account(fill["account_id"]), "client_order_id": "of no order", **fill}
            continue
        numbers[fill["order_id"]] += 1
        price, quantity, minor = _scales(order)
        yield {
            **names.order(order),
            "number": numbers[fill["order_id"]],
            "side": fill["side"],
            "price": money.text(fill["price"], price),
            "quantity": money.text(fill["quantity"], quantity),
            "cost": money.text(fill["cost"], minor),
            "fee": money.text(fill["fee"], minor),
            "liquidity": fill["liquidity"],
            "time": rfc3339(fill["time"]),
        }


def _cash(snapshot: Snapshot, names: Names) -> Iterator[Row]:
    """As the ledger has it, and as the orders' own books have it."""
    held = {(row["account_id"], row["currency"]): row["amount"] for row in snapshot.rows("portfolio.cash")}
    risk = _balances(snapshot, currencies=True)
    for account, currency in held.keys() | risk.keys():
        yield {
            "account": names.account(account),
            "currency": currency,
            "amount": names.amount(currency, held.get((account, currency), 0)),
            **_risk(risk, names, account, currency),
        }


def _positions(snapshot: Snapshot, names: Names) -> Iterator[Row]:
    held = {(row["account_id"], row["symbol"]): row for row in snapshot.rows("portfolio.positions")}
    risk = _balances(snapshot, currencies=False)
    for account, symbol in held.keys() | risk.keys():
        row = {"account": names.account(account), "symbol": symbol, **_risk(risk, names, account, symbol)}
        if (position := held.get((account, symbol))) is not None:
            minor = money.CURRENCY_SCALES[position["currency"]]
            row["quantity"] = names.amount(symbol, position["quantity"])
            row |= {name: money.text(position[name], minor) for name in ("cost", "realised", "realised_fifo")}
        yield row


def _balances(snapshot: Snapshot, *, currencies: bool) -> dict[tuple[str, str], Row]:
    return {
        (row["account_id"], row["asset"]): row
        for row in snapshot.rows("orders.balances")
        if (row["asset"] in money.CURRENCY_SCALES) is currencies
    }


def _risk(balances: Mapping[tuple[str, str], Row], names: Names, account: str, asset: str) -> Row:
    row = balances.get((account, asset), {})
    return {name: names.amount(asset, row.get(name, 0)) for name in ("total", "reserved")}


def _executions(snapshot: Snapshot, names: Names) -> Iterator[Row]:
    numbers: Counter[str] = Counter()
    for execution in snapshot.executions:
        order_id, _, version = str(execution["cl_ord_id"]).rpartition("-")
        order = names.orders.get(order_id)
        whose = names.order(order) if order else {"account": execution["account"], "client_order_id": None}
        numbers[order_id] += 1
        yield {
            **whose,
            "number": numbers[order_id],
            "version": version if order else None,
            "report": execution["kind"],
            "status": execution["status"],
            "symbol": execution["symbol"],
            **{name: execution[name] for name in ("last_quantity", "last_price", "leaves", "filled", "value")},
            **{name: execution[name] for name in ("cost", "fee", "liquidity", "reason")},
            "time": rfc3339(execution["time"]),
        }


def _scales(order: Row) -> tuple[int, int, int]:
    """Decimals of price, quantity and cost."""
    return order["price_scale"], order["quantity_scale"], money.CURRENCY_SCALES[order["currency"]]


def _text(amount: int | None, scale: int) -> str | None:
    return None if amount is None else money.text(amount, scale)
