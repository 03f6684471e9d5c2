"""What the audit reads, table by table in business order."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.fix.session import StoredMessage
from services.fix.store import is_whole
from services.kernel.state import StateQuery
from services.orders.store.tables import (
    accounts,
    balances,
    deposits,
    dispatches,
    fills,
    fix_messages,
    fix_sessions,
    history,
    instruments,
    orders,
    unmatched_reports,
    withdrawals,
)

ORDERS = select(*(column for column in orders.columns if column.name not in {"asked", "traceparent"}))
FILLS = select(fills, orders.c.account_id, orders.c.symbol, orders.c.currency, orders.c.side).join(
    orders, orders.c.order_id == fills.c.order_id
)
RESERVATIONS = select(
    orders.c.order_id, orders.c.account_id, orders.c.symbol, orders.c.currency, orders.c.side, orders.c.reserved
).where(orders.c.reserved > 0)
UNMATCHED = select(*(column for column in unmatched_reports.columns if column.name != "document"))


def _is_whole(row: Mapping[str, Any]) -> bool:
    return is_whole(StoredMessage(row["number"], row["frame"]))


STATE: Mapping[str, StateQuery] = {
    "orders": StateQuery(ORDERS, (orders.c.order_id,)),
    "history": StateQuery(select(history), (history.c.order_id, history.c.number)),
    "fills": StateQuery(FILLS, (fills.c.fill_id,)),
    "balances": StateQuery(select(balances), (balances.c.account_id, balances.c.asset)),
    "reservations": StateQuery(RESERVATIONS, (orders.c.order_id,)),
    "accounts": StateQuery(select(accounts), (accounts.c.account_id,)),
    "deposits": StateQuery(select(deposits), (deposits.c.deposit_id,)),
    "withdrawals": StateQuery(select(withdrawals), (withdrawals.c.withdrawal_id,)),
    "dispatches": StateQuery(select(dispatches.c.id, dispatches.c.order_id, dispatches.c.written), (dispatches.c.id,)),
    "fix_sessions": StateQuery(select(fix_sessions), (fix_sessions.c.session,)),
    "fix_messages": StateQuery(select(fix_messages), (fix_messages.c.session, fix_messages.c.number), _is_whole),
    "instruments": StateQuery(select(instruments), (instruments.c.symbol,)),
    "unmatched_reports": StateQuery(UNMATCHED, (unmatched_reports.c.report_id,)),
}
