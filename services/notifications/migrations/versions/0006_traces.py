"""A notification names the span that made it, so that its deliveries belong to that trace."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import Key

revision = "0006_traces"
down_revision = "0005_pushes"
mark = "expand"


def upgrade() -> None:
    comment = "The span that made it; its deliveries are children of that."
    op.add_column("notifications", sa.Column("traceparent", Key(55), comment=comment))
