"""Mentions, and what everybody is called after an @: those too who are there already."""

import sqlalchemy as sa
from alembic import op

from services.chat.store import members
from services.chat.store.tables import handles
from services.kernel.columns import ID, TIME, Key

revision = "0004_mentions"
down_revision = "0003_changes"
mark = "expand"
UNNAMED = (
    "SELECT members.user_id, members.display_name FROM members "
    "LEFT JOIN handles ON handles.user_id = members.user_id WHERE handles.user_id IS NULL"
)


def upgrade() -> None:
    op.create_table(
        "handles",
        sa.Column("user_id", ID, primary_key=True),
        sa.Column("handle", Key(80), nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    op.create_index("handles_handle", "handles", ["handle", "user_id"])
    op.create_table(
        "mentions",
        sa.Column("message_id", ID, primary_key=True),
        sa.Column("user_id", ID, primary_key=True),
        sa.Column("since", TIME, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    known = op.get_bind().execute(sa.text(UNNAMED)).all()
    if known:
        op.get_bind().execute(sa.insert(handles), [members.handle_row(*each) for each in known])
