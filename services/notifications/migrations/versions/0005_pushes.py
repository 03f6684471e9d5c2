"""Web Push: subscriptions, how many each user has, what is pushed to them, and the key that we push with."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, ID, TIME, Key

revision = "0005_pushes"
down_revision = "0004_preferences"
mark = "expand"


def upgrade() -> None:
    op.create_table(
        "push_keys",
        sa.Column("name", Key(16), primary_key=True),
        sa.Column("private_key", Key(43), nullable=False, comment="The number of a key of P-256, base64url."),
        sa.Column("created", TIME, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "push_subscriptions",
        sa.Column("subscription_id", ID, primary_key=True),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("endpoint", Key(500), nullable=False),
        sa.Column("p256dh", Key(100), nullable=False),
        sa.Column("auth", Key(100), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    op.create_index("push_subscriptions_user", "push_subscriptions", ["user_id", "subscription_id"])
    op.create_index("push_subscriptions_endpoint", "push_subscriptions", ["endpoint", "user_id"], unique=True)
    op.create_table(
        "push_quotas",
        sa.Column("user_id", ID, primary_key=True),
        sa.Column("subscriptions", AMOUNT, nullable=False),
        sa.CheckConstraint("subscriptions >= 0", name="push_quotas_count_nothing_or_more"),
        comment="How many subscriptions each user has, which a limit is checked against.",
    )
    op.create_table(
        "push_deliveries",
        sa.Column("notification_id", ID, primary_key=True),
        sa.Column("subscription_id", ID, primary_key=True),
        sa.Column("endpoint", Key(500), nullable=False),
        sa.Column("status", Key(8), nullable=False),
        sa.Column("attempts", AMOUNT, nullable=False),
        sa.Column("due", TIME, nullable=False),
        sa.Column("error", sa.String(500)),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    index = ["status", "due", "notification_id", "subscription_id"]
    op.create_index("push_deliveries_due", "push_deliveries", index)
    op.create_index("push_deliveries_subscription", "push_deliveries", ["subscription_id", "status"])
