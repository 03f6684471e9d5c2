"""Watchlists, and our copy of the instruments that may be on them."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import ID, TIME, Document, Key

revision = "0007_watchlists"
down_revision = "0006_open_sessions"
mark = "expand"


def upgrade() -> None:
    op.create_table(
        "watchlists",
        sa.Column("user_id", ID, primary_key=True),
        sa.Column("symbols", Document, nullable=False),
        sa.Column("changed", TIME, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "instruments",
        sa.Column("symbol", Key(32), primary_key=True),
        sa.Column("terms", Document, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("instruments")
    op.drop_table("watchlists")
