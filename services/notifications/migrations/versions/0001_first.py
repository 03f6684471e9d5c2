"""The first tables of notifications."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, ID, TIME, Key
from services.kernel.tables import create_kernel_tables

revision = "0001_first"
down_revision = None
mark = "expand"


def upgrade() -> None:
    create_kernel_tables(op.get_bind())
    op.create_table(
        "profiles",
        sa.Column("user_id", ID, primary_key=True),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("language", Key(2), nullable=False),
    )
    op.create_table(
        "notifications",
        sa.Column("notification_id", ID, primary_key=True),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("kind", Key(32), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("in_app", AMOUNT, nullable=False),
        sa.Column("read", AMOUNT, nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    op.create_index("notifications_user", "notifications", ["user_id", "in_app", "notification_id"])
    op.create_index("notifications_unread", "notifications", ["user_id", "in_app", "read"])
    op.create_table(
        "deliveries",
        sa.Column("notification_id", ID, primary_key=True),
        sa.Column("channel", Key(8), primary_key=True),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("status", Key(8), nullable=False),
        sa.Column("urgent", AMOUNT, nullable=False),
        sa.Column("attempts", AMOUNT, nullable=False),
        sa.Column("due", TIME, nullable=False),
        sa.Column("error", sa.String(500)),
    )
    op.create_index("deliveries_due", "deliveries", ["status", "urgent", "due"])
