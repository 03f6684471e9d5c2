"""Withdrawals, and how far each is."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, ID, TIME, Key

revision = "0003_withdrawals"
down_revision = "0002_leases"
mark = "expand"


def upgrade() -> None:
    op.create_table(
        "withdrawals",
        sa.Column("withdrawal_id", ID, primary_key=True),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("asset", Key(32), nullable=False),
        sa.Column("scale", AMOUNT, nullable=False),
        sa.Column("amount", AMOUNT, nullable=False),
        sa.Column("status", Key(12), nullable=False),
        sa.Column("reason", Key(64)),
        sa.Column("released", AMOUNT, nullable=False, comment="Whether the money has left the risk ledger, too."),
        sa.Column("created", TIME, nullable=False),
    )
    op.create_index("withdrawals_account", "withdrawals", ["account_id", "withdrawal_id"])
    op.create_index("withdrawals_asked", "withdrawals", ["account_id", "status"])
