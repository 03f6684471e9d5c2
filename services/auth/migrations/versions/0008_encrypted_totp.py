"""Authenticators' secrets encrypted: auth encrypts those that lie in the old column when it starts."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import Key

revision = "0008_encrypted_totp"
down_revision = "0007_watchlists"
mark = "expand"


def upgrade() -> None:
    op.add_column("totp", sa.Column("encrypted", Key(160), comment="AES-256-GCM, by auth's key and for this user"))


def downgrade() -> None:
    op.drop_column("totp", "encrypted")
