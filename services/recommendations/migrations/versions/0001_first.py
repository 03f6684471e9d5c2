"""The first table of recommendations."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, ID, TIME, Document, Key
from services.kernel.tables import create_kernel_tables

revision = "0001_first"
down_revision = None
mark = "expand"


def upgrade() -> None:
    create_kernel_tables(op.get_bind())
    op.create_table(
        "signals",
        sa.Column("signal_id", ID, primary_key=True),
        sa.Column("symbol", Key(32), nullable=False),
        sa.Column("strategy", Key(16), nullable=False),
        sa.Column("bar_start", TIME, nullable=False),
        sa.Column("side", Key(4), nullable=False),
        sa.Column("strength", AMOUNT, nullable=False),
        sa.Column("historical", AMOUNT, nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("symbol", "strategy", "bar_start", name="signals_once"),
    )
    op.create_index("signals_newest", "signals", ["bar_start", "signal_id"])
