"""The service's own tables."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, MetaData, Table, UniqueConstraint

from services.kernel.columns import AMOUNT, ID, ROW, TIME, Document, Key
from services.kernel.seals import seal

metadata = MetaData()

STATUS = Key(16)
ACCOUNT = Key(64)
SYMBOL = Key(32)

orders = Table(
    "orders",
    metadata,
    Column("order_id", ID, primary_key=True),
    Column("account_id", ACCOUNT, nullable=False),
    Column("client_order_id", Key(64), nullable=False),
    Column("fingerprint", Key(64), nullable=False),
    Column("symbol", SYMBOL, nullable=False),
    Column("currency", Key(8), nullable=False),
    Column("price_scale", Integer, nullable=False),
    Column("quantity_scale", Integer, nullable=False),
    Column("side", Key(4), nullable=False),
    Column("type", Key(10), nullable=False),
    Column("tif", Key(3), nullable=False),
    Column("quantity", AMOUNT, nullable=False),
    Column("limit_price", AMOUNT),
    Column("stop_price", AMOUNT),
    Column("worst_price", AMOUNT, nullable=False),
    Column("fee_ppm", Integer, nullable=False),
    Column("status", STATUS, nullable=False),
    Column("standing", STATUS, nullable=False),
    Column("filled", AMOUNT, nullable=False),
    Column("value", AMOUNT, nullable=False),
    Column("fees", AMOUNT, nullable=False),
    Column("reserved", AMOUNT, nullable=False),
    Column("reason", Key(64)),
    Column("created", TIME, nullable=False),
    Column("updated", TIME, nullable=False),
    Column("placed", TIME, nullable=False, comment="Wall time."),
    Column("version", Integer, nullable=False),
    Column("working", Integer, nullable=False),
    Column("request", Key(8)),
    Column("asked", Document),
    Column("cancel_next", Boolean, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("traceparent", Key(64)),
    UniqueConstraint("account_id", "client_order_id", name="one_order_a_client_order_id"),
    CheckConstraint("reserved >= 0", name="orders_reserve_nothing_or_more"),
    Index("orders_by_account", "account_id", "order_id"),
    Index("orders_by_standing", "standing", "order_id"),
)
history = Table(
    "history",
    metadata,
    Column("order_id", ID, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("entry_id", Key(80), nullable=False, unique=True),
    Column("kind", Key(20), nullable=False),
    Column("status", STATUS, nullable=False),
    Column("filled", AMOUNT, nullable=False),
    Column("reason", Key(64)),
    Column("time", TIME, nullable=False),
    comment="What was asked and reported of each order; a report is applied once, by its entry_id.",
)
fills = Table(
    "fills",
    metadata,
    Column("fill_id", Key(64), primary_key=True),
    Column("order_id", ID, nullable=False, index=True),
    Column("price", AMOUNT, nullable=False),
    Column("quantity", AMOUNT, nullable=False),
    Column("cost", AMOUNT, nullable=False),
    Column("fee", AMOUNT, nullable=False),
    Column("liquidity", Key(5), nullable=False),
    Column("time", TIME, nullable=False),
    Column("reverses", Key(64), comment="The fill that this one takes back."),
)
balances = Table(
    "balances",
    metadata,
    Column("account_id", ACCOUNT, primary_key=True),
    Column("asset", SYMBOL, primary_key=True),
    Column("total", AMOUNT, nullable=False),
    Column("reserved", AMOUNT, nullable=False),
    CheckConstraint("reserved >= 0", name="balances_reserve_nothing_or_more"),
    comment="The risk ledger: minor units of a currency, or units of a symbol.",
)
accounts = Table(
    "accounts",
    metadata,
    Column("account_id", ACCOUNT, primary_key=True),
    Column("open_orders", Integer, nullable=False),
)
deposits = Table(
    "deposits",
    metadata,
    Column("deposit_id", Key(64), primary_key=True),
    Column("account_id", ACCOUNT, nullable=False),
    Column("asset", SYMBOL, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("time", TIME, nullable=False),
    comment="What the risk ledger took, once by its cause.",
)
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("withdrawal_id", Key(64), primary_key=True),
    Column("account_id", ACCOUNT, nullable=False),
    Column("asset", SYMBOL, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("status", STATUS, nullable=False),
    Column("time", TIME, nullable=False),
    comment="What the risk ledger was asked for: reserved, released once it is booked, or refused.",
)
dispatches = Table(
    "dispatches",
    metadata,
    Column("id", ROW, primary_key=True, autoincrement=True),
    Column("order_id", ID, nullable=False),
    Column("document", Document, nullable=False),
    Column("written", TIME, nullable=False, comment="Wall time."),
    Column("tried", TIME, comment="Since when the broker may have it: by REST, until an answer says so (wall time)."),
    comment="Messages that no FIX session has taken yet; a row goes when one has.",
)
places = Table(
    "places",
    metadata,
    Column("record", Key(32), primary_key=True),
    Column("number", AMOUNT, nullable=False),
    seal(),
    comment="How far records of others were read.",
)
instruments = Table(
    "instruments",
    metadata,
    Column("symbol", SYMBOL, primary_key=True),
    Column("document", Document, nullable=False),
    Column("reference", AMOUNT),
    comment="Our copy of market data's.",
)
unmatched_reports = Table(
    "unmatched_reports",
    metadata,
    Column("report_id", Key(80), primary_key=True),
    Column("order_id", Key(64), nullable=False),
    Column("why", Key(20), nullable=False),
    Column("document", Document, nullable=False),
    Column("received", TIME, nullable=False, comment="Wall time."),
    comment="Reports for no order of ours, or that its state does not admit: the audit shows them.",
)
fix_sessions = Table(
    "fix_sessions",
    metadata,
    Column("session", Key(64), primary_key=True),
    Column("next_out", Integer, nullable=False),
    Column("next_in", Integer, nullable=False),
)
fix_messages = Table(
    "fix_messages",
    metadata,
    Column("session", Key(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("frame", Document, nullable=False),
    comment="What was sent, for a resend.",
)
