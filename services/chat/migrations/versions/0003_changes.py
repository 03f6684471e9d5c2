"""Messages that answer one, are edited or removed; reactions."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import ID, TIME, Key

revision = "0003_changes"
down_revision = "0002_leases"
mark = "expand"


def upgrade() -> None:
    for name, kind in (
        ("reply_to", ID),
        ("edited", TIME),
        ("removed", TIME),
        ("removed_by", Key(16)),
        ("reason", sa.String(500)),
    ):
        op.add_column("messages", sa.Column(name, kind))
    op.create_table(
        "reactions",
        sa.Column("message_id", ID, primary_key=True),
        sa.Column("kind", Key(16), primary_key=True),
        sa.Column("user_id", ID, primary_key=True),
        sa.Column("since", TIME, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
