"""Who follows which topic, and how much of it is read."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, ID, TIME

revision = "0005_follows"
down_revision = "0004_mentions"
mark = "expand"


def upgrade() -> None:
    op.create_table(
        "follows",
        sa.Column("user_id", ID, primary_key=True),
        sa.Column("topic_id", ID, primary_key=True),
        sa.Column("since", TIME, nullable=False),
        sa.Column("read", AMOUNT, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
