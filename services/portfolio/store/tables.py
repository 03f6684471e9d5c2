"""The portfolio's tables; amounts are integers in minor units or in the instrument's quantity scale."""

from sqlalchemy import Column, Index, MetaData, Table, UniqueConstraint, select

from services.kernel.columns import AMOUNT, ID, ROW, TIME, Document, Key
from services.kernel.state import StateQuery

ASSET = Key(32)
metadata = MetaData()

positions = Table(
    "positions",
    metadata,
    Column("account_id", ID, primary_key=True),
    Column("symbol", ASSET, primary_key=True),
    Column("currency", ASSET, nullable=False),
    Column("quantity_scale", AMOUNT, nullable=False),
    Column("quantity", AMOUNT, nullable=False),
    Column("cost", AMOUNT, nullable=False),
    Column("realised", AMOUNT, nullable=False),
    Column("realised_fifo", AMOUNT, nullable=False),
)
lots = Table(
    "lots",
    metadata,
    Column("account_id", ID, primary_key=True),
    Column("symbol", ASSET, primary_key=True),
    Column("lot_id", Key(40), primary_key=True),
    Column("opened", TIME, nullable=False),
    Column("quantity", AMOUNT, nullable=False),
    Column("cost", AMOUNT, nullable=False),
    Index("lots_oldest", "account_id", "symbol", "opened", "lot_id"),
)
cash = Table(
    "cash",
    metadata,
    Column("account_id", ID, primary_key=True),
    Column("currency", ASSET, primary_key=True),
    Column("amount", AMOUNT, nullable=False),
)
ledger = Table(
    "ledger",
    metadata,
    Column("id", ROW, primary_key=True, autoincrement=True),
    Column("account_id", ID, nullable=False),
    Column("cause", Key(64), nullable=False),
    Column("kind", Key(16), nullable=False),
    Column("debit", Key(16), nullable=False),
    Column("credit", Key(16), nullable=False),
    Column("asset", ASSET, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("time", TIME, nullable=False),
    UniqueConstraint("cause", "kind", name="ledger_cause"),
    Index("ledger_account", "account_id", "id"),
)
trades = Table(
    "trades",
    metadata,
    Column("id", ROW, primary_key=True, autoincrement=True),
    Column("fill_id", Key(40), nullable=False, unique=True),
    Column("order_id", ID, nullable=False),
    Column("account_id", ID, nullable=False),
    Column("symbol", ASSET, nullable=False),
    Column("currency", ASSET, nullable=False),
    Column("price_scale", AMOUNT, nullable=False),
    Column("quantity_scale", AMOUNT, nullable=False),
    Column("side", Key(4), nullable=False),
    Column("price", AMOUNT, nullable=False),
    Column("quantity", AMOUNT, nullable=False),
    Column("cost", AMOUNT, nullable=False),
    Column("fee", AMOUNT, nullable=False),
    Column("liquidity", Key(8), nullable=False),
    Column("time", TIME, nullable=False),
    Column("reverses", Key(40), comment="The fill that this one takes back."),
    Column("realised", AMOUNT, nullable=False),
    Index("trades_account", "account_id", "id"),
)
deposits = Table(
    "deposits",
    metadata,
    Column("deposit_id", ID, primary_key=True),
    Column("account_id", ID, nullable=False),
    Column("asset", ASSET, nullable=False),
    Column("currency", ASSET, nullable=False),
    Column("scale", AMOUNT, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("cost", AMOUNT, nullable=False),
    Column("cash", AMOUNT, nullable=False),
    Column("status", Key(12), nullable=False),
    Column("created", TIME, nullable=False),
    Index("deposits_account", "account_id", "deposit_id"),
)
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("withdrawal_id", ID, primary_key=True),
    Column("account_id", ID, nullable=False),
    Column("asset", ASSET, nullable=False),
    Column("scale", AMOUNT, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("status", Key(12), nullable=False),
    Column("reason", Key(64)),
    Column("released", AMOUNT, nullable=False, comment="Whether the money has left the risk ledger, too."),
    Column("created", TIME, nullable=False),
    Index("withdrawals_account", "account_id", "withdrawal_id"),
    Index("withdrawals_asked", "account_id", "status"),
)
reservations = Table(
    "reservations",
    metadata,
    Column("order_id", ID, primary_key=True),
    Column("account_id", ID, nullable=False),
    Column("asset", ASSET, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Index("reservations_account", "account_id", "asset"),
)
instruments = Table(
    "instruments",
    metadata,
    Column("symbol", ASSET, primary_key=True),
    Column("terms", Document, nullable=False),
)

STATE = {
    "cash": StateQuery(select(cash), (cash.c.account_id, cash.c.currency)),
    "positions": StateQuery(select(positions), (positions.c.account_id, positions.c.symbol)),
    "lots": StateQuery(select(lots), (lots.c.account_id, lots.c.symbol, lots.c.opened, lots.c.lot_id)),
    "reservations": StateQuery(select(reservations), (reservations.c.order_id,)),
    "deposits": StateQuery(select(deposits), (deposits.c.deposit_id,)),
    "withdrawals": StateQuery(select(withdrawals), (withdrawals.c.withdrawal_id,)),
    "trades": StateQuery(select(trades), (trades.c.id,)),
    "ledger": StateQuery(select(ledger), (ledger.c.id,)),
    "instruments": StateQuery(select(instruments), (instruments.c.symbol,)),
}
