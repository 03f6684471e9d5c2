"""How many fills of a day's traders stand: who has none left was none."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import AMOUNT

revision = "0004_standing_fills"
down_revision = "0003_popular"
mark = "expand"


def upgrade() -> None:
    op.add_column("traders", sa.Column("fills", AMOUNT, comment="That stand; nothing where they were not counted yet."))
