"""The broker by REST: what he may have already, and how far his record was read."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT, TIME, Key

revision = "0005_rest"
down_revision = "0004_busts"
mark = "expand"


def upgrade() -> None:
    op.add_column(
        "dispatches",
        sa.Column(
            "tried", TIME, comment="Since when the broker may have it: by REST, until an answer says so (wall time)."
        ),
    )
    op.create_table(
        "places",
        sa.Column("record", Key(32), primary_key=True),
        sa.Column("number", AMOUNT, nullable=False),
        sa.Column("seal", sa.BigInteger(), nullable=False),
        comment="How far records of others were read.",
    )
