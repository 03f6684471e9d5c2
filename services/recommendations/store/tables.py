"""The tables of recommendations; times are microseconds of market time, notionals minor units of the currency."""

from sqlalchemy import Column, Index, MetaData, Table, UniqueConstraint, select

from services.kernel.columns import AMOUNT, ID, TIME, Document, Key
from services.kernel.seals import seal
from services.kernel.state import StateQuery

metadata = MetaData()

signals = Table(
    "signals",
    metadata,
    Column("signal_id", ID, primary_key=True),
    Column("symbol", Key(32), nullable=False),
    Column("strategy", Key(16), nullable=False),
    Column("bar_start", TIME, nullable=False),
    Column("side", Key(4), nullable=False),
    Column("strength", AMOUNT, nullable=False),
    Column("historical", AMOUNT, nullable=False),
    Column("document", Document, nullable=False),
    seal(),
    UniqueConstraint("symbol", "strategy", "bar_start", name="signals_once"),
    Index("signals_newest", "bar_start", "signal_id"),
)
popular = Table(
    "popular",
    metadata,
    Column("day", TIME, primary_key=True),
    Column("symbol", Key(32), primary_key=True),
    Column("currency", Key(32), nullable=False),
    Column("traders", AMOUNT, nullable=False),
    Column("fills", AMOUNT, nullable=False),
    Column("notional", AMOUNT, nullable=False),
    seal(),
    comment="What users traded in a day of market time; of a trade between two of them both sides count.",
)
traders = Table(
    "traders",
    metadata,
    Column("day", TIME, primary_key=True),
    Column("symbol", Key(32), primary_key=True),
    Column("account_id", ID, primary_key=True),
    Column("fills", AMOUNT, comment="That stand; nothing where they were not counted yet."),
    seal(added=["fills"]),
    comment="Who is among the traders of a day, so that each is counted once.",
)

STATE = {
    "signals": StateQuery(select(signals), (signals.c.signal_id,)),
    "popular": StateQuery(select(popular), (popular.c.day, popular.c.symbol)),
}
