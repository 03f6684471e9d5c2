"""Failed log-ins, which lock an address for a while."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import TIME, Document, Key

revision = "0003_login_failures"
down_revision = "0002_leases"
mark = "expand"


def upgrade() -> None:
    op.create_table(
        "login_failures",
        sa.Column("address", Key(64), primary_key=True, comment="SHA-256: it may be nobody's"),
        sa.Column("failed", Document, nullable=False, comment="when, as long as it counts"),
        sa.Column("locked_until", TIME, nullable=False),
        sa.Column("forgotten", TIME, nullable=False, index=True),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("login_failures")
