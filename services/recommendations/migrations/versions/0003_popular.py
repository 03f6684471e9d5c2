"""What is traded most: a tally a day and symbol, and who was counted in it."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, ID, TIME, Key

revision = "0003_popular"
down_revision = "0002_leases"
mark = "expand"


def upgrade() -> None:
    op.create_table(
        "popular",
        sa.Column("day", TIME, primary_key=True),
        sa.Column("symbol", Key(32), primary_key=True),
        sa.Column("currency", Key(32), nullable=False),
        sa.Column("traders", AMOUNT, nullable=False),
        sa.Column("fills", AMOUNT, nullable=False),
        sa.Column("notional", AMOUNT, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
        comment="What users traded in a day of market time; of a trade between two of them both sides count.",
    )
    op.create_table(
        "traders",
        sa.Column("day", TIME, primary_key=True),
        sa.Column("symbol", Key(32), primary_key=True),
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("seal", sa.BigInteger, nullable=False),
        comment="Who is among the traders of a day, so that each is counted once.",
    )
