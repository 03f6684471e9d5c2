"""The first schema of auth."""

import sqlalchemy as sa
from alembic import op

from services.kernel.columns import ID, TIME, Key
from services.kernel.tables import create_kernel_tables, drop_kernel_tables

revision = "0001_first"
down_revision = None
mark = "expand"


def upgrade() -> None:
    create_kernel_tables(op.get_bind())
    op.create_table(
        "users",
        sa.Column("id", ID, primary_key=True),
        sa.Column("email", Key(254), nullable=False, unique=True),
        sa.Column("password_hash", Key(200), nullable=False),
        sa.Column("display_name", sa.String(80), nullable=False),
        sa.Column("language", Key(2), nullable=False),
        sa.Column("time_zone", Key(64), nullable=False),
        sa.Column("roles", Key(64), nullable=False, comment="words between spaces"),
        sa.Column("blocked", sa.Boolean, nullable=False),
        sa.Column("verified", TIME),
        sa.Column("created", TIME, nullable=False),
        sa.Column("code_digest", Key(64)),
        sa.Column("code_sent", TIME, nullable=False),
        sa.Column("code_attempts", sa.Integer, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("id", ID, primary_key=True),
        sa.Column("user_id", ID, nullable=False, index=True),
        sa.Column("created", TIME, nullable=False),
        sa.Column("expires", TIME, nullable=False, comment="however often it is refreshed"),
        sa.Column("revoked", TIME),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("digest", Key(64), primary_key=True),
        sa.Column("session_id", ID, nullable=False, index=True),
        sa.Column("expires", TIME, nullable=False),
        sa.Column("used", TIME),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "signing_keys",
        sa.Column("kid", ID, primary_key=True),
        sa.Column("private_key", Key(200), nullable=False, comment="PEM, PKCS 8"),
        sa.Column("created", TIME, nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", ID, primary_key=True),
        sa.Column("time", TIME, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("field", Key(16), nullable=False),
        sa.Column("before", Key(64), nullable=False),
        sa.Column("after", Key(64), nullable=False),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_audit_log_user_id", "audit_log", ["user_id", "id"])


def downgrade() -> None:
    for table in ("audit_log", "signing_keys", "refresh_tokens", "sessions", "users"):
        op.drop_table(table)
    drop_kernel_tables(op.get_bind())
