"""The kernel's own tables, which lie in every service's schema."""

from sqlalchemy import Column, Connection, MetaData, Table

from services.kernel.columns import ID, ROW, TIME, Document, Key
from services.kernel.seals import seal

metadata = MetaData()

streams = Table(
    "streams",
    metadata,
    Column("key", Key(128), primary_key=True),
    Column("seq", ROW, nullable=False),
    seal(),
    comment="The last number given to an event of each aggregate.",
)
outbox = Table(
    "outbox",
    metadata,
    Column("id", ROW, primary_key=True, autoincrement=True),
    Column("envelope", Document, nullable=False),
    comment="Events that no confirm has come for yet; a row goes when it has.",
)
inbox = Table(
    "inbox",
    metadata,
    Column("consumer", Key(64), primary_key=True),
    Column("id", ID, primary_key=True),
    Column("taken", TIME, nullable=False, index=True),
    seal(),
    comment="Events applied, by id, for consumers that need no order.",
)
inbox_streams = Table(
    "inbox_streams",
    metadata,
    Column("consumer", Key(64), primary_key=True),
    Column("stream", Key(192), primary_key=True),
    Column("seq", ROW, nullable=False),
    Column("waiting", ROW, nullable=False),
    seal(),
    comment="The last event applied of each aggregate, and how many wait for the one after it.",
)
inbox_waiting = Table(
    "inbox_waiting",
    metadata,
    Column("consumer", Key(64), primary_key=True),
    Column("stream", Key(192), primary_key=True),
    Column("seq", ROW, primary_key=True, autoincrement=False),
    Column("envelope", Document, nullable=False),
    seal(),
    comment="Events that came before their predecessors.",
)
idempotency = Table(
    "idempotency",
    metadata,
    Column("account", Key(64), primary_key=True),
    Column("key", Key(128), primary_key=True),
    Column("fingerprint", Key(64), nullable=False),
    Column("result", Document),
    Column("created", TIME, nullable=False, index=True),
    seal(),
    comment="What a write with this key answered.",
)
leases = Table(
    "leases",
    metadata,
    Column("name", Key(64), primary_key=True),
    Column("holder", Key(120), nullable=False),
    Column("token", ROW, nullable=False),
    Column("beat", ROW, nullable=False),
    comment="Which process does what one may do at a time; the token rises with each holder, the beat as it renews.",
)


def create_leases(connection: Connection) -> None:
    """For a schema that was made before there were any."""
    leases.create(connection, checkfirst=True)


def create_kernel_tables(connection: Connection) -> None:
    """For the first migration of a service: ``create_kernel_tables(op.get_bind())``."""
    metadata.create_all(connection, checkfirst=False)


def drop_kernel_tables(connection: Connection) -> None:
    """What that migration's downgrade does."""
    metadata.drop_all(connection, checkfirst=False)
