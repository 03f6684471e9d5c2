"""Topics are pinned and locked; reports, mutes and the moderators' log."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, ID, TIME, Key

revision = "0006_moderation"
down_revision = "0005_follows"
mark = "expand"

REASON = sa.String(500)


def upgrade() -> None:
    for name in ("pinned", "locked"):
        op.add_column("topics", sa.Column(name, AMOUNT, nullable=False, server_default="0"))
    op.create_index("topics_listed", "topics", ["pinned", "active", "topic_id"])
    op.drop_index("topics_active", "topics")
    op.create_table(
        "mutes",
        sa.Column("user_id", ID, primary_key=True),
        sa.Column("until", TIME, nullable=False),
        sa.Column("reason", REASON, nullable=False),
        sa.Column("muted_by", ID, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "reports",
        sa.Column("report_id", ID, primary_key=True),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("topic_id", ID, nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("reporter_id", ID, nullable=False),
        sa.Column("reason", REASON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("reported", TIME, nullable=False),
        sa.Column("status", Key(16), nullable=False),
        sa.Column("closed_by", ID),
        sa.Column("closed", TIME),
        sa.Column("seal", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("message_id", "reporter_id", name="reports_once"),
    )
    op.create_index("reports_status", "reports", ["status", "report_id"])
    op.create_table(
        "acts",
        sa.Column("act_id", ID, primary_key=True),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("kind", Key(16), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("reason", REASON, nullable=False),
        sa.Column("until", TIME),
        sa.Column("time", TIME, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
