"""Market data's first tables."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, TIME, Document, Key
from services.kernel.tables import create_kernel_tables

revision = "0001_first"
down_revision = None
mark = "expand"


def upgrade() -> None:
    create_kernel_tables(op.get_bind())
    op.create_table(
        "instruments",
        sa.Column("symbol", Key(32), primary_key=True),
        sa.Column("terms", Document, nullable=False),
        sa.Column("reference", AMOUNT),
    )
    op.create_table(
        "candles",
        sa.Column("symbol", Key(32), primary_key=True),
        sa.Column("interval", Key(4), primary_key=True),
        sa.Column("start", TIME, primary_key=True),
        sa.Column("open", AMOUNT, nullable=False),
        sa.Column("high", AMOUNT, nullable=False),
        sa.Column("low", AMOUNT, nullable=False),
        sa.Column("close", AMOUNT, nullable=False),
        sa.Column("volume", AMOUNT, nullable=False),
        sa.Column("trades", AMOUNT, nullable=False),
        sa.Column("historical", AMOUNT, nullable=False),
        sqlite_with_rowid=False,  # the rows lie in the order of the key, in one tree
    )
    op.create_table(
        "progress",
        sa.Column("symbol", Key(32), primary_key=True),
        sa.Column("trade_id", AMOUNT, nullable=False),
        sa.Column("forming", Document, nullable=False),
        sa.Column("filled_from", TIME),
        comment="The last trade counted and the bars that it went into; since when history is stored.",
    )
