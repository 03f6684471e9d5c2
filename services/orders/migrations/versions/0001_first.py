"""The first schema of orders."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, ID, ROW, TIME, Document, Key
from services.kernel.tables import create_kernel_tables, drop_kernel_tables

revision = "0001_first"
down_revision = None
mark = "expand"


def upgrade() -> None:
    create_kernel_tables(op.get_bind())
    create_orders()
    create_history()
    create_ledger()
    create_wire()


def create_orders() -> None:
    """What an order is."""
    op.create_table(
        "orders",
        sa.Column("order_id", ID, primary_key=True),
        sa.Column("account_id", Key(64), nullable=False),
        sa.Column("client_order_id", Key(64), nullable=False),
        sa.Column("fingerprint", Key(64), nullable=False),
        sa.Column("symbol", Key(32), nullable=False),
        sa.Column("currency", Key(8), nullable=False),
        sa.Column("price_scale", sa.Integer, nullable=False),
        sa.Column("quantity_scale", sa.Integer, nullable=False),
        sa.Column("side", Key(4), nullable=False),
        sa.Column("type", Key(10), nullable=False),
        sa.Column("tif", Key(3), nullable=False),
        sa.Column("quantity", AMOUNT, nullable=False),
        sa.Column("limit_price", AMOUNT),
        sa.Column("stop_price", AMOUNT),
        sa.Column("worst_price", AMOUNT, nullable=False),
        sa.Column("fee_ppm", sa.Integer, nullable=False),
        sa.Column("status", Key(16), nullable=False),
        sa.Column("standing", Key(16), nullable=False),
        sa.Column("filled", AMOUNT, nullable=False),
        sa.Column("value", AMOUNT, nullable=False),
        sa.Column("fees", AMOUNT, nullable=False),
        sa.Column("reserved", AMOUNT, nullable=False),
        sa.Column("reason", Key(64)),
        sa.Column("created", TIME, nullable=False),
        sa.Column("updated", TIME, nullable=False),
        sa.Column("placed", TIME, nullable=False, comment="Wall time."),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("working", sa.Integer, nullable=False),
        sa.Column("request", Key(8)),
        sa.Column("asked", Document),
        sa.Column("cancel_next", sa.Boolean, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("traceparent", Key(64)),
        sa.CheckConstraint("reserved >= 0", name="orders_reserve_nothing_or_more"),
        sa.UniqueConstraint("account_id", "client_order_id", name="one_order_a_client_order_id"),
    )
    op.create_index("orders_by_standing", "orders", ["standing", "order_id"])
    op.create_index("orders_by_account", "orders", ["account_id", "order_id"])


def create_history() -> None:
    """What was asked and reported of an order, and its fills."""
    op.create_table(
        "history",
        sa.Column("order_id", ID, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entry_id", Key(80), nullable=False, unique=True),
        sa.Column("kind", Key(20), nullable=False),
        sa.Column("status", Key(16), nullable=False),
        sa.Column("filled", AMOUNT, nullable=False),
        sa.Column("reason", Key(64)),
        sa.Column("time", TIME, nullable=False),
        comment="What was asked and reported of each order; a report is applied once, by its entry_id.",
    )
    op.create_table(
        "fills",
        sa.Column("fill_id", Key(64), primary_key=True),
        sa.Column("order_id", ID, nullable=False, index=True),
        sa.Column("price", AMOUNT, nullable=False),
        sa.Column("quantity", AMOUNT, nullable=False),
        sa.Column("cost", AMOUNT, nullable=False),
        sa.Column("fee", AMOUNT, nullable=False),
        sa.Column("liquidity", Key(5), nullable=False),
        sa.Column("time", TIME, nullable=False),
    )


def create_ledger() -> None:
    """The risk ledger."""
    op.create_table(
        "balances",
        sa.Column("account_id", Key(64), primary_key=True),
        sa.Column("asset", Key(32), primary_key=True),
        sa.Column("total", AMOUNT, nullable=False),
        sa.Column("reserved", AMOUNT, nullable=False),
        sa.CheckConstraint("reserved >= 0", name="balances_reserve_nothing_or_more"),
        comment="The risk ledger: minor units of a currency, or units of a symbol.",
    )
    op.create_table(
        "accounts",
        sa.Column("account_id", Key(64), primary_key=True),
        sa.Column("open_orders", sa.Integer, nullable=False),
    )
    op.create_table(
        "deposits",
        sa.Column("deposit_id", Key(64), primary_key=True),
        sa.Column("account_id", Key(64), nullable=False),
        sa.Column("asset", Key(32), nullable=False),
        sa.Column("amount", AMOUNT, nullable=False),
        sa.Column("time", TIME, nullable=False),
        comment="What the risk ledger took, once by its cause.",
    )


def create_wire() -> None:
    """What goes to the broker and comes from it; our copy of the instruments."""
    op.create_table(
        "dispatches",
        sa.Column("id", ROW, primary_key=True, autoincrement=True),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.Column("written", TIME, nullable=False, comment="Wall time."),
        comment="Messages that no FIX session has taken yet; a row goes when one has.",
    )
    op.create_table(
        "instruments",
        sa.Column("symbol", Key(32), primary_key=True),
        sa.Column("document", Document, nullable=False),
        sa.Column("reference", AMOUNT),
        comment="Our copy of market data's.",
    )
    op.create_table(
        "unmatched_reports",
        sa.Column("report_id", Key(80), primary_key=True),
        sa.Column("order_id", Key(64), nullable=False),
        sa.Column("why", Key(20), nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.Column("received", TIME, nullable=False, comment="Wall time."),
        comment="Reports for no order of ours, or that its state does not admit: the audit shows them.",
    )
    op.create_table(
        "fix_sessions",
        sa.Column("session", Key(64), primary_key=True),
        sa.Column("next_out", sa.Integer, nullable=False),
        sa.Column("next_in", sa.Integer, nullable=False),
    )
    op.create_table(
        "fix_messages",
        sa.Column("session", Key(64), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("frame", Document, nullable=False),
        comment="What was sent, for a resend.",
    )


def downgrade() -> None:
    for table in (
        "fix_messages",
        "fix_sessions",
        "unmatched_reports",
        "instruments",
        "dispatches",
        "deposits",
        "accounts",
        "balances",
        "fills",
        "history",
        "orders",
    ):
        op.drop_table(table)
    drop_kernel_tables(op.get_bind())
