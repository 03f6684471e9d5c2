"""Events of market data; the aggregate is the symbol."""

from typing import ClassVar, Literal

from services.contracts.event import Event
from services.contracts.instruments import Instrument
from services.contracts.market import Bar, Quote


class SymbolEvent(Event):
    """Something that happened to one instrument."""

    producer: ClassVar[str] = "market_data"
    symbol: str

    @property
    def key(self) -> str:
        return self.symbol


class InstrumentListed(SymbolEvent):
    """A new instrument."""

    name: ClassVar[str] = "instrument_listed"
    instrument: Instrument


class InstrumentChanged(SymbolEvent):
    """An instrument with new terms (tick, lot, band, fees, session); scales never change."""

    name: ClassVar[str] = "instrument_changed"
    instrument: Instrument


class SessionChanged(SymbolEvent):
    """The market of a symbol opened, closed or went to pre-open; of the auction after its close none is told."""

    name: ClassVar[str] = "session_changed"
    status: Literal["pre_open", "open", "closed"]
    time: int


class InstrumentHalted(SymbolEvent):
    """Trading stopped outside its timetable."""

    name: ClassVar[str] = "instrument_halted"
    time: int


class ReferencePrice(SymbolEvent):
    """The price that the band stands around."""

    name: ClassVar[str] = "reference_price"
    price: int
    time: int


class BarClosed(SymbolEvent):
    """A finished bar, never changed again."""

    name: ClassVar[str] = "bar_closed"
    bar: Bar


class QuoteSnapshot(SymbolEvent):
    """The quote once a second; the only event that may be dropped."""

    name: ClassVar[str] = "quote_snapshot"
    quote: Quote
