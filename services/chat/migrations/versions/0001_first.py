"""The chat's first tables."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, ID, TIME
from services.kernel.tables import create_kernel_tables

revision = "0001_first"
down_revision = None
mark = "expand"


def upgrade() -> None:
    create_kernel_tables(op.get_bind())
    op.create_table(
        "topics",
        sa.Column("topic_id", ID, primary_key=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("messages", AMOUNT, nullable=False),
        sa.Column("active", TIME, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    op.create_index("topics_active", "topics", ["active", "topic_id"])
    op.create_table(
        "messages",
        sa.Column("message_id", ID, primary_key=True),
        sa.Column("topic_id", ID, nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("posted", TIME, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    op.create_index("messages_topic", "messages", ["topic_id", "message_id"])
    op.create_table(
        "members",
        sa.Column("user_id", ID, primary_key=True),
        sa.Column("display_name", sa.String(80), nullable=False),
    )
