"""The portfolio: its trades are the orders' fills, its books sum up, its copies agree."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

from services.contracts.money import CURRENCY_SCALES
from tradectl.audit.difference import Difference, compared, copied, disagreeing, same
from tradectl.audit.market import terms
from tradectl.audit.snapshot import Row, Snapshot
from tradectl.audit.trading import cash_change, signed

FILL = (
    "order_id",
    "account_id",
    "symbol",
    "currency",
    "side",
    "price",
    "quantity",
    "cost",
    "fee",
    "liquidity",
    "time",
    "reverses",
)


def trades_are_the_orders_fills(snapshot: Snapshot) -> Iterator[Difference]:
    """Each fill was booked once, as it is."""
    fills = snapshot.indexed("orders.fills", "fill_id")
    yield from copied("portfolio.trades", fills, snapshot.indexed("portfolio.trades", "fill_id"), same(*FILL))


def entries(snapshot: Snapshot) -> dict[tuple[str, str], Row]:
    """What the ledger must hold, line by line, by cause and kind."""
    found: dict[tuple[str, str], Row] = {}

    def add(row: Row, cause: str, kind: str, debit: str, credit: str, asset: str, amount: int) -> None:
        if amount < 0:  # what takes a trade back goes the other way
            debit, credit, amount = credit, debit, -amount
        line = {"debit": debit, "credit": credit, "asset": asset, "amount": amount}
        found[cause, kind] = {**line, "account_id": row["account_id"], "time": row.get("time"), "about": row}

    for trade in snapshot.rows("portfolio.trades"):
        cause, buying = f"fill:{trade['fill_id']}", trade["side"] == "buy"
        cash = ("trading", "cash") if buying else ("cash", "trading")
        shares = ("position", "street") if buying else ("street", "position")
        add(trade, cause, "trade", *cash, trade["currency"], trade["cost"])
        add(trade, cause, "shares", *shares, trade["symbol"], trade["quantity"])
        if trade["fee"]:
            add(trade, cause, "fee", "fees", "cash", trade["currency"], trade["fee"])
    for deposit in snapshot.rows("portfolio.deposits"):
        if deposit["status"] == "credited":
            book = "cash" if deposit["cash"] else "position"
            cause = f"deposit:{deposit['deposit_id']}"
            add(deposit, cause, "deposit", book, "outside", deposit["asset"], deposit["amount"])
    for paid in snapshot.rows("portfolio.withdrawals"):
        if paid["status"] == "settled":
            cause = f"withdrawal:{paid['withdrawal_id']}"
            add(paid, cause, "withdrawal", "outside", "cash", paid["asset"], paid["amount"])
    return found


def ledger_has_each_movement(snapshot: Snapshot) -> Iterator[Difference]:
    """Two legs for each trade, fee, deposit and withdrawal, and no line without a cause."""
    expected = entries(snapshot)
    lines = snapshot.indexed("portfolio.ledger", "cause", "kind")
    yield from copied("portfolio.ledger", expected, lines, same("account_id", "debit", "credit", "asset", "amount"))
    for key, line in lines.items():
        if (key[0], key[1]) in expected and expected[key[0], key[1]]["time"] is not None:
            when = expected[key[0], key[1]]["time"]
            yield from compared("portfolio.ledger.time", key, when, line["time"], (line["account_id"],))


def books(snapshot: Snapshot) -> Counter[tuple[str, str, str]]:
    """The sum of each book, by account, book and asset."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for line in snapshot.rows("portfolio.ledger"):
        sums[line["account_id"], line["debit"], line["asset"]] += line["amount"]
        sums[line["account_id"], line["credit"], line["asset"]] -= line["amount"]
    return sums


def ledger_sums_to_zero(snapshot: Snapshot) -> Iterator[Difference]:
    """Over all books of an account, each asset sums to zero; no line moves nothing or to itself."""
    totals: Counter[tuple[str, str]] = Counter()
    for (account, _, asset), amount in books(snapshot).items():
        totals[account, asset] += amount
    for key, amount in totals.items():
        yield from compared("portfolio.ledger.amount", key, 0, amount, (key[0],))
    for line in snapshot.rows("portfolio.ledger"):
        if line["amount"] <= 0 or line["debit"] == line["credit"]:
            key, said = (line["cause"], line["kind"]), f"{line['amount']} {line['debit']} to {line['credit']}"
            yield from compared("portfolio.ledger", key, "an amount between two books", said, (line["account_id"],))


def cash_is_the_ledgers(snapshot: Snapshot) -> Iterator[Difference]:
    """Cash is the sum of the ledger's book of that name."""
    sums = books(snapshot)
    rows = snapshot.indexed("portfolio.cash", "account_id", "currency")
    keys = rows.keys() | {(account, asset) for account, book, asset in sums if book == "cash"}
    for key in keys:
        found = rows.get(key, {"amount": 0})["amount"]
        yield from compared("portfolio.cash.amount", key, sums[key[0], "cash", key[1]], found, (key[0],))


def cash_is_the_risk_ledgers(snapshot: Snapshot) -> Iterator[Difference]:
    """Both ledgers of cash and shares have the same totals."""
    balances = snapshot.indexed("orders.balances", "account_id", "asset")
    held = {key: row["amount"] for key, row in snapshot.indexed("portfolio.cash", "account_id", "currency").items()}
    held |= {
        key: row["quantity"] for key, row in snapshot.indexed("portfolio.positions", "account_id", "symbol").items()
    }
    for key in balances.keys() | held.keys():
        total = balances.get(key, {"total": 0})["total"]
        yield from compared("portfolio.cash" if key in held else "portfolio", key, total, held.get(key, 0), (key[0],))


@dataclass
class Sums:
    """By account and symbol, from trades and deposits; what shares were deposited at counts as paid in cash."""

    quantity: Counter[tuple[str, str]] = field(default_factory=Counter)
    cash: Counter[tuple[str, str]] = field(default_factory=Counter)
    realised: Counter[tuple[str, str]] = field(default_factory=Counter)
    deposited: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        sums = cls()
        for trade in snapshot.rows("portfolio.trades"):
            key = (trade["account_id"], trade["symbol"])
            sums.quantity[key] += signed(trade)
            sums.cash[key] += cash_change(trade)
            sums.realised[key] += trade["realised"]
        for deposit in snapshot.rows("portfolio.deposits"):
            if not deposit["cash"] and deposit["status"] == "credited":
                key = (deposit["account_id"], deposit["asset"])
                sums.quantity[key] += deposit["amount"]
                sums.cash[key] -= deposit["cost"]
                sums.deposited[key] += deposit["cost"]
        return sums


def positions_are_sums(snapshot: Snapshot) -> Iterator[Difference]:
    """Quantity from fills and deposits; cost and profits so that no money is made or lost in between."""
    sums, lots, costs = Sums.of(snapshot), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for lot in snapshot.rows("portfolio.lots"):
        lots[lot["account_id"], lot["symbol"]] += lot["quantity"]
        costs[lot["account_id"], lot["symbol"]] += lot["cost"]
    positions = snapshot.indexed("portfolio.positions", "account_id", "symbol")
    for row_key in positions.keys() | sums.quantity.keys() | lots.keys():
        key = (row_key[0], row_key[1])
        row, cash = positions.get(key, NO_POSITION), sums.cash[key]
        checks = {
            "portfolio.positions.quantity": (sums.quantity[key], row["quantity"]),
            "portfolio.positions.realised": (sums.realised[key], row["realised"]),
            "portfolio.positions.realised_fifo": (costs[key] + cash, row["realised_fifo"]),
            "portfolio.positions.cost": (row["realised"] - cash, row["cost"]),
            "portfolio.trades.realised": (row["realised"], sums.realised[key]),
            "portfolio.lots.quantity": (row["quantity"], lots[key]),
            "portfolio.lots.cost": (row["realised_fifo"] - cash, costs[key]),
        }
        if key in sums.deposited:
            paid = sums.deposited[key]
            checks["portfolio.deposits.cost"] = (paid + row["cost"] - row["realised"] + cash, paid)
        for where, (expected, found) in checks.items():
            yield from compared(where, key, expected, found, (key[0],))


NO_POSITION: Row = {"quantity": 0, "realised": 0, "realised_fifo": 0, "cost": 0}


def units_are_the_instruments(snapshot: Snapshot) -> Iterator[Difference]:
    """Currencies and scales of orders, positions, trades and deposits."""
    listed = {row["symbol"]: terms(row["terms"]) for row in snapshot.rows("market_data.instruments")}
    for place in ("orders.orders", "portfolio.positions", "portfolio.trades"):
        for row in snapshot.rows(place):
            key = (row["account_id"], row["symbol"], row.get("fill_id", row.get("order_id", "")))
            for column in ("currency", "price_scale", "quantity_scale"):
                if column in row:
                    expected = listed.get(row["symbol"], {}).get(column)
                    yield from compared(f"{place}.{column}", key, expected, row[column], (row["account_id"],))
    for row in snapshot.rows("portfolio.deposits"):
        instrument = listed.get(row["asset"])
        currency = row["asset"] if instrument is None else instrument["currency"]
        scale = CURRENCY_SCALES.get(row["asset"]) if instrument is None else instrument["quantity_scale"]
        key, about = row["deposit_id"], (row["account_id"],)
        yield from compared("portfolio.deposits.currency", key, currency, row["currency"], about)
        yield from compared("portfolio.deposits.scale", key, scale, row["scale"], about)
        yield from compared("portfolio.deposits.cash", key, instrument is None, bool(row["cash"]), about)
        if instrument is None:
            yield from compared("portfolio.deposits.cost", key, 0, row["cost"], about)


def lots_are_purchases(snapshot: Snapshot) -> Iterator[Difference]:
    """Each lot was opened by a fill or a deposit, at its time."""
    opened = {row["fill_id"]: row["time"] for row in snapshot.rows("portfolio.trades")}
    opened |= {
        line["cause"].partition(":")[2]: line["time"]
        for line in snapshot.rows("portfolio.ledger")
        if line["kind"] == "deposit"
    }
    for lot in snapshot.rows("portfolio.lots"):
        when = opened.get(lot["lot_id"], "no fill and no deposit")
        yield from compared("portfolio.lots.opened", lot["lot_id"], when, lot["opened"], (lot["account_id"],))


def reservations_are_the_orders(snapshot: Snapshot) -> Iterator[Difference]:
    """What the portfolio shows as reserved is what the orders reserve."""
    reserving = {
        (row["order_id"],): {
            "order_id": row["order_id"],
            "account_id": row["account_id"],
            "asset": row["currency"] if row["side"] == "buy" else row["symbol"],
            "amount": row["reserved"],
        }
        for row in snapshot.rows("orders.orders")
        if row["reserved"]
    }
    kept = snapshot.indexed("portfolio.reservations", "order_id")
    yield from copied("portfolio.reservations", reserving, kept, same("account_id", "asset", "amount"))


def deposits_are_the_risk_ledgers(snapshot: Snapshot) -> Iterator[Difference]:
    """What is credited here was credited there; a pending one may be on its way."""
    taken = snapshot.indexed("orders.deposits", "deposit_id")
    asked = snapshot.indexed("portfolio.deposits", "deposit_id")
    credited = {key: row for key, row in asked.items() if row["status"] == "credited" or key in taken}
    for place, ours, theirs in (("portfolio", taken, credited), ("orders", credited, taken)):
        yield from copied(f"{place}.deposits", ours, theirs, same("account_id", "asset", "amount"))
    for key, row in credited.items():
        about = (row["deposit_id"], row["account_id"])
        yield from compared("portfolio.deposits.status", key, "credited", row["status"], about)


STANDS = {
    "reserved": ("settled", None, False),
    "released": ("settled", None, True),
    "refused": ("declined", "insufficient_cash", False),
}
"""By what the risk ledger did: the portfolio's status and reason, and whether it knows that the money is gone."""


def withdrawals_are_the_risk_ledgers(snapshot: Snapshot) -> Iterator[Difference]:
    """What was asked for there was answered here, and each is as far here as there; in minor units of its currency."""
    answered = snapshot.indexed("orders.withdrawals", "withdrawal_id")
    asked = snapshot.indexed("portfolio.withdrawals", "withdrawal_id")
    for place, ours, theirs in (("portfolio", answered, asked), ("orders", asked, answered)):
        yield from copied(f"{place}.withdrawals", ours, theirs, same("account_id", "asset", "amount"))
    for key, row in asked.items():
        about = (row["withdrawal_id"], row["account_id"])
        yield from compared("portfolio.withdrawals.scale", key, CURRENCY_SCALES.get(row["asset"]), row["scale"], about)
        if key in answered:
            stands = (row["status"], row["reason"], bool(row["released"]))
            wanted = STANDS.get(answered[key]["status"], ("", None, False))
            yield from disagreeing(STATUSES, key, (stands, wanted), about)


STATUSES = ("portfolio.withdrawals.status", "orders.withdrawals.status")
