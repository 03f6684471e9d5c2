"""A desk that looks at a market of three symbols, and the terminal around its market pane."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.unit.tradectl.desk.wires import DOOR, CannedWire, desk, quote, raw, wire
from tradectl.desk.desk import Desk
from tradectl.desk.entry import Entry
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.messages import OrderWanted
from tradectl.tui.screens.market import MarketPane

OPENED = datetime(2024, 8, 8, 7, 0, tzinfo=UTC)


def candle(minute: int, close: str = "200.50", **values: Any) -> dict[str, Any]:
    """A bar that many minutes after the open."""
    start = f"{OPENED + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ}"
    bar = {"start": start, "open": "200.00", "high": "201.00", "low": "199.00", "close": close, "volume": "100"}
    return bar | {"trades": 3, "closed": True} | values


def trade(trade_id: int, price: str = "200.50", aggressor: str = "buy") -> dict[str, Any]:
    """A trade of the tape."""
    time = f"{OPENED + timedelta(seconds=trade_id):%Y-%m-%dT%H:%M:%SZ}"
    return {"id": trade_id, "price": price, "quantity": "7", "aggressor": aggressor, "time": time}


BOOK = {
    "symbol": "AAPL",
    "time": "2024-08-08T07:10:00Z",
    "bids": [["200.49", "300"], ["200.48", "100"]],
    "asks": [["200.51", "200"], ["200.52", "50"]],
}


async def trading(answering: CannedWire | None = None) -> Desk:
    """With quotes, a book, trades and candles of AAPL."""
    made = await desk(answering or wire())
    state = made.state
    state.apply("quotes:BTCUSDT", whole=True, data=raw(quote("BTCUSDT", "61837.63", previous_close="61000.00")))
    state.apply("book:AAPL", whole=True, data=raw(BOOK))
    state.apply("trades:AAPL", whole=True, data=raw({"items": [trade(2, "200.51"), trade(1, "200.49", "sell")]}))
    state.apply("candles:AAPL:1m", whole=True, data=raw({"items": [candle(minute) for minute in range(40)]}))
    return made


class Listening(Terminal):
    """Keeps the orders that were wanted, instead of opening the ticket."""

    def __init__(self, desk: Desk, language: str = "en") -> None:
        super().__init__(Entry(DOOR), Settings(language), desk)
        self.wanted: list[tuple[str, str, str, str | None]] = []

    async def open_ticket(self, wanted: OrderWanted) -> None:
        """Note what was wanted."""
        price = None if wanted.price is None else f"{wanted.price:f}"
        self.wanted.append((wanted.symbol, wanted.side, wanted.type, price))

    @property
    def market(self) -> MarketPane:
        """The pane."""
        return self.query_one(MarketPane)

    def lines(self, widget: str) -> list[str]:
        """What stands on the screen where the widget is, without the blanks at the lines' ends."""
        region = self.query_one(widget).content_region
        strips = [strip.crop(region.x, region.right) for strip in self.screen._compositor.render_strips()]
        return [strip.text.rstrip() for strip in strips[region.y : region.bottom]]
