"""Codes that set a new password."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import TIME, Key

revision = "0005_password_resets"
down_revision = "0004_totp"
mark = "expand"


def upgrade() -> None:
    op.create_table(
        "password_resets",
        sa.Column("address", Key(64), primary_key=True, comment="SHA-256: it may be nobody's"),
        sa.Column("digest", Key(64), nullable=False),
        sa.Column("sent", TIME, nullable=False),
        sa.Column("expires", TIME, nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("password_resets")
