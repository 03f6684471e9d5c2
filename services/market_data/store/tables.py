"""Market data's tables; prices and volumes are integers in the instrument's scales, times microseconds."""

from sqlalchemy import Column, MetaData, Table, select

from services.kernel.columns import AMOUNT, TIME, Document, Key
from services.kernel.state import StateQuery

SYMBOL = Key(32)
metadata = MetaData()

instruments = Table(
    "instruments",
    metadata,
    Column("symbol", SYMBOL, primary_key=True),
    Column("terms", Document, nullable=False),
    Column("reference", AMOUNT),
)
candles = Table(
    "candles",
    metadata,
    Column("symbol", SYMBOL, primary_key=True),
    Column("interval", Key(4), primary_key=True),
    Column("start", TIME, primary_key=True),
    Column("open", AMOUNT, nullable=False),
    Column("high", AMOUNT, nullable=False),
    Column("low", AMOUNT, nullable=False),
    Column("close", AMOUNT, nullable=False),
    Column("volume", AMOUNT, nullable=False),
    Column("trades", AMOUNT, nullable=False),
    Column("historical", AMOUNT, nullable=False),
    sqlite_with_rowid=False,
)
progress = Table(
    "progress",
    metadata,
    Column("symbol", SYMBOL, primary_key=True),
    Column("trade_id", AMOUNT, nullable=False),
    Column("forming", Document, nullable=False),
    Column("filled_from", TIME),
    comment="The last trade counted and the bars that it went into; since when history is stored.",
)

STATE = {
    "instruments": StateQuery(select(instruments), (instruments.c.symbol,)),
    "progress": StateQuery(select(progress), (progress.c.symbol,)),
    "candles": StateQuery(
        select(candles).where(candles.c.historical == 0), (candles.c.symbol, candles.c.interval, candles.c.start)
    ),
}
