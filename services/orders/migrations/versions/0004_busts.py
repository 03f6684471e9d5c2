"""Fills that take another one back."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import Key

revision = "0004_busts"
down_revision = "0003_withdrawals"
mark = "expand"


def upgrade() -> None:
    op.add_column("fills", sa.Column("reverses", Key(64), comment="The fill that this one takes back."))
