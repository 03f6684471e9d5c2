"""The sessions of a user that are open, newest first, and the program that each was opened with."""

import sqlalchemy as sa
from alembic import op

revision = "0006_open_sessions"
down_revision = "0005_password_resets"
mark = "expand"

AGENT = "the program that it was opened with, as that calls itself"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("agent", sa.String(200), comment=AGENT))
    op.create_index("ix_sessions_open", "sessions", ["user_id", "revoked", "id"])


def downgrade() -> None:
    op.drop_index("ix_sessions_open", "sessions")
    op.drop_column("sessions", "agent")
