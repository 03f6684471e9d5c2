"""What the routes give; prices and quantities are decimal strings."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.contracts.instruments import Status

Level = Annotated[list[str], Field(min_length=2, max_length=2)]


class Band(BaseModel):
    """Prices that are accepted."""

    low: str
    high: str


class Session(BaseModel):
    """HH:MM in UTC."""

    opens: str
    closes: str


class Instrument(BaseModel):
    """Terms, status and today's band; a market that never closes has no session."""

    symbol: str
    name: str
    kind: Literal["share", "crypto"]
    currency: str
    tick: str
    lot: str
    price_scale: int
    quantity_scale: int
    reference_price: str | None
    price_band: Band | None
    maker_fee: str
    taker_fee: str
    session: Session | None
    status: Status


class Instruments(BaseModel):
    """All of them."""

    items: list[Instrument]


class Quote(BaseModel):
    """An absent side is null; ``stale`` when the provider has fallen silent."""

    symbol: str
    bid: str | None
    bid_size: str
    ask: str | None
    ask_size: str
    last: str | None
    open: str | None
    high: str | None
    low: str | None
    previous_close: str | None
    volume: str
    stale: bool
    seq: int
    time: str


class Quotes(BaseModel):
    """In the order that was asked for."""

    items: list[Quote]


class Book(BaseModel):
    """Pairs of price and quantity, best first."""

    symbol: str
    seq: int
    time: str
    bids: list[Level]
    asks: list[Level]


class Trade(BaseModel):
    """``id`` rises by one a symbol."""

    id: int
    price: str
    quantity: str
    aggressor: Literal["buy", "sell"]
    time: str


class TradePage(BaseModel):
    """Newest first."""

    items: list[Trade]
    next: str | None


class Candle(BaseModel):
    """One that is closed never changes."""

    start: str
    open: str
    high: str
    low: str
    close: str
    volume: str
    trades: int
    closed: bool


class Candles(BaseModel):
    """Oldest first."""

    items: list[Candle]
