"""Authenticators."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import ID, TIME, Document, Key

revision = "0004_totp"
down_revision = "0003_login_failures"
mark = "expand"


def upgrade() -> None:
    op.create_table(
        "totp",
        sa.Column("user_id", ID, primary_key=True),
        sa.Column("secret", Key(64), nullable=False, comment="base 32"),
        sa.Column("created", TIME, nullable=False),
        sa.Column("confirmed", TIME, comment="asked for since then"),
        sa.Column("step", sa.BigInteger, nullable=False, comment="the last one of which a code was used"),
        sa.Column("recovery", Document, nullable=False, comment="digests of the codes that are left"),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("totp")
