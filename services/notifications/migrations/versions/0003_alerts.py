"""Alerts, how many each user has, and our copy of the instruments that they are for."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, ID, TIME, Document, Key

revision = "0003_alerts"
down_revision = "0002_leases"
mark = "expand"


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", ID, primary_key=True),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("symbol", Key(32), nullable=False),
        sa.Column("currency", Key(8), nullable=False),
        sa.Column("price_scale", AMOUNT, nullable=False),
        sa.Column("condition", Key(16), nullable=False),
        sa.Column("threshold", AMOUNT, nullable=False),
        sa.Column("rearm_at", AMOUNT, nullable=False),
        sa.Column("repeat", Key(8), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("armed", AMOUNT, nullable=False),
        sa.Column("watch", Key(16), comment="The move that it waits for; none when it is done."),
        sa.Column("level", AMOUNT, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("fired", TIME),
        sa.Column("fires", AMOUNT, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    op.create_index("alerts_user", "alerts", ["user_id", "alert_id"])
    op.create_index("alerts_level", "alerts", ["symbol", "watch", "level"])
    op.create_table(
        "alert_quotas",
        sa.Column("user_id", ID, primary_key=True),
        sa.Column("alerts", AMOUNT, nullable=False),
        sa.CheckConstraint("alerts >= 0", name="alert_quotas_count_nothing_or_more"),
        comment="How many alerts each user has, which a limit is checked against.",
    )
    op.create_table(
        "instruments",
        sa.Column("symbol", Key(32), primary_key=True),
        sa.Column("terms", Document, nullable=False),
    )
