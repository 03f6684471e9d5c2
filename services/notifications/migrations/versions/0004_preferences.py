"""By which channels users want to be told what."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import ID, TIME, Document

revision = "0004_preferences"
down_revision = "0003_alerts"
mark = "expand"


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("user_id", ID, primary_key=True),
        sa.Column("choices", Document, nullable=False, comment="Channels by kind, where they are not all."),
        sa.Column("changed", TIME, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
