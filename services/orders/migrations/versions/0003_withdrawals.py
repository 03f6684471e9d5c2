"""Withdrawals: what the risk ledger reserves for them."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, TIME, Key

revision = "0003_withdrawals"
down_revision = "0002_leases"
mark = "expand"


def upgrade() -> None:
    op.create_table(
        "withdrawals",
        sa.Column("withdrawal_id", Key(64), primary_key=True),
        sa.Column("account_id", Key(64), nullable=False),
        sa.Column("asset", Key(32), nullable=False),
        sa.Column("amount", AMOUNT, nullable=False),
        sa.Column("status", Key(16), nullable=False),
        sa.Column("time", TIME, nullable=False),
        comment="What the risk ledger was asked for: reserved, released once it is booked, or refused.",
    )
