"""Orders against the venue's record, and the risk ledger against orders, fills and deposits."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from services.contracts import money
from services.contracts.orders import FINAL
from tradectl.audit.difference import Difference, compared, copied, disagreeing, same
from tradectl.audit.snapshot import Row, Snapshot

NEVER_SENT = {"pending_new", "rejected"}
SENDERS = {"ORDERS", "ORDERS.REST"}
AMENDMENTS = {"busted", "corrected"}
ANSWERS = {"cancel_rejected", "replace_rejected"}
KINDS = {"new": "accepted", "trade": "fill"}
"""What the order service calls the venue's reports, where it is not the same."""


def order_of(execution: Row) -> str:
    """Our order behind an execution: its ClOrdID is the order's id and a version."""
    return str(execution["cl_ord_id"]).rpartition("-")[0]


def ours(snapshot: Snapshot) -> Iterator[tuple[str, Row]]:
    """The venue's executions of orders that the order service sent, with the order's id."""
    for execution in snapshot.executions:
        if execution["sender"] in SENDERS:
            yield order_of(execution), execution


def fills_are_the_venues(snapshot: Snapshot) -> Iterator[Difference]:
    """Each fill is an execution of the venue, and each execution was booked."""
    orders = snapshot.indexed("orders.orders", "order_id")
    trades: dict[tuple[str], Row] = {}
    for order_id, execution in ours(snapshot):
        order = orders.get((order_id,), {})
        facts = {**execution, "order_id": order_id, "currency": order.get("currency"), "reverses": None}
        for trade in booked(facts, order, trades):
            trades[(trade["exec_id"],)] = trade
    columns = {
        "order_id": "order_id",
        "account": "account_id",
        "symbol": "symbol",
        "currency": "currency",
        "side": "side",
        "last_price": "price",
        "last_quantity": "quantity",
        "cost": "cost",
        "fee": "fee",
        "liquidity": "liquidity",
        "time": "time",
        "reverses": "reverses",
    }
    yield from copied("orders.fills", trades, snapshot.indexed("orders.fills", "fill_id"), columns)


def booked(execution: Row, order: Row, trades: Mapping[tuple[str], Row]) -> Iterator[Row]:
    """What an execution is booked as: a trade; a bust, which takes one back; a correction, which is both."""
    if execution["kind"] in AMENDMENTS and order:
        yield taken_back(execution, order, trades.get((execution["exec_ref"],), execution))
    if execution["kind"] in {"trade", "corrected"}:
        yield execution


def taken_back(execution: Row, order: Row, trade: Row) -> Row:
    """The entry that takes a trade back; its cost is what the order's rounded total fell by."""
    is_bust = execution["kind"] == "busted"
    again = 0 if is_bust else execution["last_quantity"] * execution["last_price"]
    value = execution["value"] - again
    scale, currency = order["price_scale"] + order["quantity_scale"], order["currency"]
    before = money.cost(value + trade["last_quantity"] * trade["last_price"], scale, currency)
    return {
        **execution,
        "exec_id": execution["exec_id"] if is_bust else f"{execution['exec_id']}:back",
        "last_quantity": -trade["last_quantity"],
        "last_price": trade["last_price"],
        "cost": money.cost(value, scale, currency) - before,
        "fee": -trade["fee"],
        "reverses": trade["exec_id"],
    }


def orders_stand_as_at_the_venue(snapshot: Snapshot) -> Iterator[Difference]:
    """Quantity, state and sums of each order are those of the venue's last report."""
    # The refusal of a cancel says nothing of an order that never came.
    last = {order_id: execution for order_id, execution in ours(snapshot) if execution["kind"] not in ANSWERS}
    for order in snapshot.rows("orders.orders"):
        report = last.pop(order["order_id"], None)
        about = (order["order_id"], order["account_id"])
        if report is None:
            never = order["standing"] if order["standing"] in NEVER_SENT else "pending_new or rejected"
            yield from compared("orders.orders.standing", order["order_id"], never, order["standing"], about)
            continue
        yield from compared("orders.orders.standing", order["order_id"], report["status"], order["standing"], about)
        for column in ("symbol", "side", "type", "tif", "quantity", "limit_price", "stop_price", "filled", "value"):
            yield from compared(f"orders.orders.{column}", order["order_id"], report[column], order[column], about)
        yield from compared(
            "orders.orders.account_id", order["order_id"], report["account"], order["account_id"], about
        )
    for order_id, report in last.items():
        yield Difference("orders.orders", order_id, f"{report['status']} at the venue", "no row", (order_id,))


def orders_sum_up_their_fills(snapshot: Snapshot) -> Iterator[Difference]:
    """Filled quantity, value, fees and cost are those of the fills."""
    fills = defaultdict(list)
    for fill in snapshot.rows("orders.fills"):
        fills[fill["order_id"]].append(fill)
    for order in snapshot.rows("orders.orders"):
        own, key = fills[order["order_id"]], order["order_id"]
        about = (key, order["account_id"])
        value = sum(fill["price"] * fill["quantity"] for fill in own)
        cost = money.cost(value, order["price_scale"] + order["quantity_scale"], order["currency"])
        yield from compared("orders.orders.filled", key, sum(fill["quantity"] for fill in own), order["filled"], about)
        yield from compared("orders.orders.value", key, value, order["value"], about)
        yield from compared("orders.orders.fees", key, sum(fill["fee"] for fill in own), order["fees"], about)
        yield from compared("orders.fills.cost", key, cost, sum(fill["cost"] for fill in own), about)


def states_agree(snapshot: Snapshot) -> Iterator[Difference]:
    """What the trader sees is what stands at the venue, or a request on its way; what ended reserves nothing."""
    for order in snapshot.rows("orders.orders"):
        key, about = order["order_id"], (order["order_id"], order["account_id"])
        pending = {"cancel": "pending_cancel", "replace": "pending_replace"}.get(str(order["request"]))
        shown = pending if pending and order["standing"] not in FINAL else order["standing"]
        yield from compared("orders.orders.status", key, shown, order["status"], about)
        if order["standing"] in FINAL:
            yield from compared("orders.orders.reserved", key, 0, order["reserved"], about)


def histories_are_whole(snapshot: Snapshot) -> Iterator[Difference]:
    """Each order's history has every line, begins when the order did and ends in its state; reports are the venue's."""
    lines = defaultdict(list)
    for line in snapshot.rows("orders.history"):
        lines[line["order_id"]].append(line)
    for order in snapshot.rows("orders.orders"):
        own = sorted(lines.pop(order["order_id"], []), key=lambda line: int(line["number"]))
        key, about = order["order_id"], (order["order_id"], order["account_id"])
        numbers = [line["number"] for line in own]
        places = "orders.history.number", "orders.orders.entries"
        yield from disagreeing(places, key, (numbers, list(range(1, order["entries"] + 1))), about)
        if own:
            first, last = own[0], own[-1]
            yield from compared("orders.history.kind", key, "placed", first["kind"], about)
            yield from compared("orders.orders.created", key, first["time"], order["created"], about)
            # A market that was killed goes on a little before the time at which an order was written meanwhile.
            latest = max(line["time"] for line in own)
            yield from compared("orders.orders.updated", key, latest, order["updated"], about)
            for column in ("status", "filled", "reason"):
                places = f"orders.history.{column}", f"orders.orders.{column}"
                yield from disagreeing(places, key, (last[column], order[column]), about)
    for order_id in lines:
        yield Difference("orders.history", order_id, "no row", "a row", (order_id,))


def history_is_the_venues(snapshot: Snapshot) -> Iterator[Difference]:
    """Each execution is a line of its order's history, and a line that is no request is an execution."""
    reports = {line_of(execution): (order_id, execution) for order_id, execution in ours(snapshot)}
    late = heard_late(snapshot, reports)
    for line in snapshot.rows("orders.history"):
        order_id, execution = reports.pop(line["entry_id"], (None, None))
        if execution is not None:
            key, about = line["entry_id"], (line["order_id"],)
            yield from compared("orders.history.order_id", key, order_id, line["order_id"], about)
            yield from compared("orders.history.time", key, execution["time"], line["time"], about)
            if order_id not in late:
                yield from compared("orders.history.filled", key, execution["filled"], line["filled"], about)
            kind = KINDS.get(execution["kind"], execution["kind"])
            yield from compared("orders.history.kind", key, kind, line["kind"], about)
        elif line["entry_id"].rpartition("-")[0] != line["order_id"] and not _never_sent(line):
            yield Difference("orders.history.entry_id", line["entry_id"], "an execution or a request", "neither")
    for key, (order_id, _) in reports.items():
        yield Difference("orders.history", key, "a row", "no row", (str(order_id),))


def heard_late(snapshot: Snapshot, reports: Mapping[str, tuple[str, Row]]) -> set[str]:
    """Orders whose reports were heard in another order than they were made, as when one was lost and resent."""
    last: Counter[str] = Counter()
    late = set()
    for line in sorted(snapshot.rows("orders.history"), key=lambda line: int(line["number"])):
        if line["entry_id"] in reports:
            order_id, execution = reports[line["entry_id"]]
            if execution["number"] < last[order_id]:
                late.add(order_id)
            last[order_id] = max(last[order_id], execution["number"])
    return late


def line_of(execution: Row) -> str:
    """The line of a history that tells an execution: FIX refuses a cancel or replace without an ExecID."""
    return f"{execution['cl_ord_id']}:rejected" if execution["kind"] in ANSWERS else str(execution["exec_id"])


def _never_sent(line: Row) -> bool:
    cl_ord_id = str(line["entry_id"]).partition(":")[0]
    return cl_ord_id.rpartition("-")[0] == str(line["order_id"])


def balances_are_sums(snapshot: Snapshot) -> Iterator[Difference]:
    """The risk ledger holds deposits and fills, and reserves what open orders and withdrawals need."""
    total: Counter[tuple[str, str]] = Counter()
    reserved: Counter[tuple[str, str]] = Counter()
    for deposit in snapshot.rows("orders.deposits"):
        total[deposit["account_id"], deposit["asset"]] += deposit["amount"]
    for asked in snapshot.rows("orders.withdrawals"):
        total[asked["account_id"], asked["asset"]] -= asked["amount"] if asked["status"] == "released" else 0
        reserved[asked["account_id"], asked["asset"]] += asked["amount"] if asked["status"] == "reserved" else 0
    for fill in snapshot.rows("orders.fills"):
        total[fill["account_id"], fill["currency"]] += cash_change(fill)
        total[fill["account_id"], fill["symbol"]] += signed(fill)
    for order in snapshot.rows("orders.orders"):
        asset = order["currency"] if order["side"] == "buy" else order["symbol"]
        reserved[order["account_id"], asset] += order["reserved"]
    balances = snapshot.indexed("orders.balances", "account_id", "asset")
    for key in total.keys() | {key for key, amount in reserved.items() if amount} | balances.keys():
        row = balances.get(key, {"total": 0, "reserved": 0})
        about = (key[0],)
        yield from compared("orders.balances.total", key, total[key[0], key[1]], row["total"], about)
        yield from compared("orders.balances.reserved", key, reserved[key[0], key[1]], row["reserved"], about)


def accounts_count_open_orders(snapshot: Snapshot) -> Iterator[Difference]:
    """The counter that a limit is checked against."""
    counted = Counter(row["account_id"] for row in snapshot.rows("orders.orders") if row["standing"] not in FINAL)
    for row in snapshot.rows("orders.accounts"):
        account = row["account_id"]
        yield from compared("orders.accounts.open_orders", account, counted[account], row["open_orders"], (account,))


def reservations_are_the_orders(snapshot: Snapshot) -> Iterator[Difference]:
    """The list of reservations shows each order that reserves something."""
    reserving = {(row["order_id"],): row for row in snapshot.rows("orders.orders") if row["reserved"]}
    listed = snapshot.indexed("orders.reservations", "order_id")
    yield from copied("orders.reservations", reserving, listed, same("account_id", "symbol", "reserved"))


def nothing_is_unmatched(snapshot: Snapshot) -> Iterator[Difference]:
    """Every report of the venue belonged to an order and fitted its state."""
    for row in snapshot.rows("orders.unmatched_reports"):
        about = (row["order_id"],)
        yield Difference("orders.unmatched_reports", row["report_id"], "no row", str(row["why"]), about)


def fix_sessions_agree(snapshot: Snapshot) -> Iterator[Difference]:
    """What one side sends next is what the other expects next."""
    for row in snapshot.rows("orders.fix_sessions"):
        client = str(row["session"]).partition("-")[0]
        theirs = snapshot.sessions.get(client, {})
        for own, other in (("next_out", "next_in"), ("next_in", "next_out")):
            yield from compared(f"orders.fix_sessions.{own}", client, theirs.get(other), row[own])
            yield from compared(f"broker.fix_session.{other}", client, row[own], theirs.get(other))


def dispatches_are_of_orders(snapshot: Snapshot) -> Iterator[Difference]:
    """What waits for the session belongs to an order that is on its way."""
    orders = {row["order_id"] for row in snapshot.rows("orders.orders")}
    for row in snapshot.rows("orders.dispatches"):
        if row["order_id"] not in orders:
            yield Difference("orders.dispatches.order_id", str(row["id"]), "an order", str(row["order_id"]))


def nobody_owes(snapshot: Snapshot) -> Iterator[Difference]:
    """No balance is below zero, but where a trade was taken back whose money or shares were used meanwhile."""
    excused = {
        (fill["account_id"], fill[asset])
        for fill in snapshot.rows("orders.fills")
        if fill.get("reverses")
        for asset in ("currency", "symbol")
    }
    for row in snapshot.rows("orders.balances"):
        if row["total"] < 0 and (row["account_id"], row["asset"]) not in excused:
            key, about = (row["account_id"], row["asset"]), (row["account_id"],)
            yield from compared("orders.balances.total", key, "0 or more", row["total"], about)


def cash_change(fill: Row) -> int:
    """Minor units that a fill adds to cash."""
    return int(-(fill["cost"] + fill["fee"]) if fill["side"] == "buy" else fill["cost"] - fill["fee"])


def signed(fill: Row) -> int:
    """Units that a fill adds to the position."""
    return int(fill["quantity"] if fill["side"] == "buy" else -fill["quantity"])
