"""Auth's tables; what may be seen of them on the page of its state."""

from collections.abc import Mapping

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, select

from services.kernel.columns import ID, TIME, Document, Key
from services.kernel.seals import seal
from services.kernel.state import StateQuery

metadata = MetaData()

users = Table(
    "users",
    metadata,
    Column("id", ID, primary_key=True),
    Column("email", Key(254), nullable=False, unique=True),
    Column("password_hash", Key(200), nullable=False),
    Column("display_name", String(80), nullable=False),
    Column("language", Key(2), nullable=False),
    Column("time_zone", Key(64), nullable=False),
    Column("roles", Key(64), nullable=False, comment="words between spaces"),
    Column("blocked", Boolean, nullable=False),
    Column("verified", TIME),
    Column("created", TIME, nullable=False),
    Column("code_digest", Key(64)),
    Column("code_sent", TIME, nullable=False),
    Column("code_attempts", Integer, nullable=False),
)
sessions = Table(
    "sessions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("user_id", ID, nullable=False, index=True),
    Column("created", TIME, nullable=False),
    Column("expires", TIME, nullable=False, comment="however often it is refreshed"),
    Column("revoked", TIME),
    Column("agent", String(200), comment="the program that it was opened with, as that calls itself"),
    seal("revoked", "agent"),
    Index("ix_sessions_open", "user_id", "revoked", "id"),
)
refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("digest", Key(64), primary_key=True),
    Column("session_id", ID, nullable=False, index=True),
    Column("expires", TIME, nullable=False),
    Column("used", TIME),
    seal("used"),
)
signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", ID, primary_key=True),
    Column("private_key", Key(200), nullable=False, comment="PEM, PKCS 8"),
    Column("created", TIME, nullable=False),
    seal(),
)
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", ID, primary_key=True),
    Column("time", TIME, nullable=False),
    Column("actor_id", ID, nullable=False),
    Column("user_id", ID, nullable=False),
    Column("field", Key(16), nullable=False),
    Column("before", Key(64), nullable=False),
    Column("after", Key(64), nullable=False),
    seal(),
    Index("ix_audit_log_user_id", "user_id", "id"),
)
login_failures = Table(
    "login_failures",
    metadata,
    Column("address", Key(64), primary_key=True, comment="SHA-256: it may be nobody's"),
    Column("failed", Document, nullable=False, comment="when, as long as it counts"),
    Column("locked_until", TIME, nullable=False),
    Column("forgotten", TIME, nullable=False, index=True),
    seal(),
)
totp = Table(
    "totp",
    metadata,
    Column("user_id", ID, primary_key=True),
    Column("secret", Key(64), nullable=False, comment="base 32"),  # of before it was encrypted; else empty
    Column("created", TIME, nullable=False),
    Column("confirmed", TIME, comment="asked for since then"),
    Column("step", BigInteger, nullable=False, comment="the last one of which a code was used"),
    Column("recovery", Document, nullable=False, comment="digests of the codes that are left"),
    Column("encrypted", Key(160), comment="AES-256-GCM, by auth's key and for this user"),
    seal(added=("encrypted",)),
)
password_resets = Table(
    "password_resets",
    metadata,
    Column("address", Key(64), primary_key=True, comment="SHA-256: it may be nobody's"),
    Column("digest", Key(64), nullable=False),
    Column("sent", TIME, nullable=False),
    Column("expires", TIME, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    seal(),
)
watchlists = Table(
    "watchlists",
    metadata,
    Column("user_id", ID, primary_key=True),
    Column("symbols", Document, nullable=False),
    Column("changed", TIME, nullable=False),
    seal(),
)
instruments = Table(
    "instruments",
    metadata,
    Column("symbol", Key(32), primary_key=True),
    Column("terms", Document, nullable=False),
)

USER = (
    users.c.id,
    users.c.email,
    users.c.display_name,
    users.c.language,
    users.c.time_zone,
    users.c.roles,
    users.c.blocked,
    users.c.verified,
    users.c.created,
)
STATE: Mapping[str, StateQuery] = {
    "users": StateQuery(select(*USER), (users.c.id,)),
    "instruments": StateQuery(select(instruments), (instruments.c.symbol,)),
    "audit_log": StateQuery(select(audit_log), (audit_log.c.id,)),
}
"""No secret is among these."""
