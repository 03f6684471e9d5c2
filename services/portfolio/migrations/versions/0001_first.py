"""The portfolio's first tables."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, ID, ROW, TIME, Document, Key
from services.kernel.tables import create_kernel_tables

revision = "0001_first"
down_revision = None
mark = "expand"

ASSET = Key(32)


def upgrade() -> None:
    create_kernel_tables(op.get_bind())
    create_holdings()
    create_history()
    create_promises()


def create_holdings() -> None:
    op.create_table(
        "positions",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("symbol", ASSET, primary_key=True),
        sa.Column("currency", ASSET, nullable=False),
        sa.Column("quantity_scale", AMOUNT, nullable=False),
        sa.Column("quantity", AMOUNT, nullable=False),
        sa.Column("cost", AMOUNT, nullable=False),
        sa.Column("realised", AMOUNT, nullable=False),
        sa.Column("realised_fifo", AMOUNT, nullable=False),
    )
    op.create_table(
        "lots",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("symbol", ASSET, primary_key=True),
        sa.Column("lot_id", Key(40), primary_key=True),
        sa.Column("opened", TIME, nullable=False),
        sa.Column("quantity", AMOUNT, nullable=False),
        sa.Column("cost", AMOUNT, nullable=False),
    )
    op.create_index("lots_oldest", "lots", ["account_id", "symbol", "opened", "lot_id"])
    op.create_table(
        "cash",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("currency", ASSET, primary_key=True),
        sa.Column("amount", AMOUNT, nullable=False),
    )


def create_history() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", ROW, primary_key=True, autoincrement=True),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("cause", Key(64), nullable=False),
        sa.Column("kind", Key(16), nullable=False),
        sa.Column("debit", Key(16), nullable=False),
        sa.Column("credit", Key(16), nullable=False),
        sa.Column("asset", ASSET, nullable=False),
        sa.Column("amount", AMOUNT, nullable=False),
        sa.Column("time", TIME, nullable=False),
        sa.UniqueConstraint("cause", "kind", name="ledger_cause"),
    )
    op.create_index("ledger_account", "ledger", ["account_id", "id"])
    op.create_table(
        "trades",
        sa.Column("id", ROW, primary_key=True, autoincrement=True),
        sa.Column("fill_id", Key(40), nullable=False, unique=True),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("symbol", ASSET, nullable=False),
        sa.Column("currency", ASSET, nullable=False),
        sa.Column("price_scale", AMOUNT, nullable=False),
        sa.Column("quantity_scale", AMOUNT, nullable=False),
        sa.Column("side", Key(4), nullable=False),
        sa.Column("price", AMOUNT, nullable=False),
        sa.Column("quantity", AMOUNT, nullable=False),
        sa.Column("cost", AMOUNT, nullable=False),
        sa.Column("fee", AMOUNT, nullable=False),
        sa.Column("liquidity", Key(8), nullable=False),
        sa.Column("time", TIME, nullable=False),
        sa.Column("realised", AMOUNT, nullable=False),
    )
    op.create_index("trades_account", "trades", ["account_id", "id"])


def create_promises() -> None:
    op.create_table(
        "deposits",
        sa.Column("deposit_id", ID, primary_key=True),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("asset", ASSET, nullable=False),
        sa.Column("currency", ASSET, nullable=False),
        sa.Column("scale", AMOUNT, nullable=False),
        sa.Column("amount", AMOUNT, nullable=False),
        sa.Column("cost", AMOUNT, nullable=False),
        sa.Column("cash", AMOUNT, nullable=False),
        sa.Column("status", Key(12), nullable=False),
        sa.Column("created", TIME, nullable=False),
    )
    op.create_index("deposits_account", "deposits", ["account_id", "deposit_id"])
    op.create_table(
        "reservations",
        sa.Column("order_id", ID, primary_key=True),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("asset", ASSET, nullable=False),
        sa.Column("amount", AMOUNT, nullable=False),
    )
    op.create_index("reservations_account", "reservations", ["account_id", "asset"])
    op.create_table(
        "instruments",
        sa.Column("symbol", ASSET, primary_key=True),
        sa.Column("terms", Document, nullable=False),
    )
