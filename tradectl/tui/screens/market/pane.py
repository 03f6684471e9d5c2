"""The market pane: feeds its widgets from the desk, and turns its keys into orders wanted."""

from collections.abc import Container, Iterable
from itertools import takewhile
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container as Box
from textual.containers import Vertical
from textual.events import Resize

from tradectl.desk.failures import Failed
from tradectl.desk.market import INTERVALS, Series
from tradectl.tui.messages import OrderWanted, SymbolChosen
from tradectl.tui.pane import Pane
from tradectl.tui.screens.market.head import Head, Heading
from tradectl.tui.screens.market.shown import Quoted, bar_of, print_of, resting
from tradectl.tui.widgets.candle_chart import CandleChart
from tradectl.tui.widgets.ladder import Ladder
from tradectl.tui.widgets.tape import Tape
from tradectl.tui.widgets.watchlist import Watchlist
from tradectl.tui.words import t

FADES = 0.25
"""Seconds between two looks at flashes that are to go out, when nothing else is drawn."""
AGAIN = 2.0
"""Seconds after which candles are asked for again that could not be had."""
RECENT = 5
"""Bars that may have changed between two drawings."""
DEEP = 500
"""Levels of each side of the book that the ladder sums."""
WIDE = 118
"""Columns from which on the ladder stands beside the chart."""


class MarketPane(Pane):
    """What the market shows; the keys of the ladder work wherever the focus is."""

    name_of = "market"
    DEFAULT_CSS = """
    MarketPane { layout: horizontal; }
    MarketPane #side { width: 40; border-right: vkey $grid; }
    MarketPane #quotes { height: 2fr; }
    MarketPane #tape { height: 3fr; border-top: solid $grid; }
    MarketPane #board { width: 1fr; layout: horizontal; }
    MarketPane #chart { width: 1fr; height: 1fr; }
    MarketPane #ladder { width: 38; border-left: vkey $grid; }
    MarketPane.-narrow #side { width: 31; }
    MarketPane.-narrow #tape { border-top: none; }
    MarketPane.-narrow #board { layout: vertical; }
    MarketPane.-narrow #chart { height: 3fr; }
    MarketPane.-narrow #ladder { width: 1fr; height: 2fr; border-left: none; }
    MarketPane.-chart #side, MarketPane.-chart #ladder { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "order('buy')", "market.buy"),
        Binding("s", "order('sell')", "market.sell"),
        Binding("m", "market", "market.market"),
        Binding("k", "candles", "market.candles"),
        Binding("left_square_bracket", "shift(-1)", "market.shorter", show=False, key_display="["),
        Binding("right_square_bracket", "shift(1)", "market.longer", show=False, key_display="]"),
        Binding("i", "overlay", "market.overlay", show=False),
        Binding("y", "study", "market.study", show=False),
        Binding("l", "style", "market.style", show=False),
        Binding("n", "symbol(1)", "market.next", show=False),
        Binding("p", "symbol(-1)", "market.previous", show=False),
        Binding("up", "ladder(1)", "market.up", show=False),
        Binding("down", "ladder(-1)", "market.down", show=False),
        Binding("home", "centre", "market.centre", show=False),
        Binding("plus,equals_sign", "coarser(1)", "market.coarser", show=False, key_display="+"),
        Binding("minus", "coarser(-1)", "market.finer", show=False, key_display="-"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._watchlist = Watchlist(id="quotes")
        self._tape = Tape(id="tape")
        self._head = Head()
        self._chart = CandleChart(id="chart")
        self._ladder = Ladder(id="ladder")
        self._symbol = ""
        self._series: Series | None = None
        self._quoted = Quoted()
        self._last_trade = 0
        self._cuts = 0

    def compose(self) -> ComposeResult:
        with Vertical(id="side"):
            yield self._watchlist
            yield self._tape
        with Vertical():
            yield self._head
            with Box(id="board"):
                yield self._chart
                yield self._ladder

    def on_mount(self) -> None:
        """Headings are in the trader's language."""
        self._watchlist.heads = tuple(
            t(f"market.{each}") for each in ("symbol", "last", "change", "bid", "ask", "volume")
        )
        self._tape.heads = (t("market.time"), t("market.price"), t("market.size"))
        self._ladder.heads = (t("market.bid"), t("market.price"), t("market.ask"))
        self._chart.empty = t("market.no_candles")
        super().on_mount()
        self.set_interval(FADES, self._fade)

    def on_resize(self, event: Resize) -> None:
        """A narrow pane has its ladder below the chart."""
        self.set_class(event.size.width < WIDE, "-narrow")

    def channels(self) -> Iterable[str]:
        symbol = self.state.symbol
        yield from (f"quotes:{each}" for each in {*self.state.watchlist, symbol} if each)
        if symbol:
            yield from (f"book:{symbol}", f"trades:{symbol}", f"candles:{symbol}:1m")

    def changed(self, keys: Container[str]) -> None:
        if not self.is_mounted:
            return
        symbol, interval = self.state.symbol, self.state.interval
        if "watchlist" in keys or "instruments" in keys:
            self._list()
        if "symbol" in keys and symbol != self._symbol:
            self._turn_to(symbol)
        if "symbol" in keys or "interval" in keys or self._cuts != self.state.link.cuts:
            self._cuts = self.state.link.cuts
            self._load(symbol, interval)
        self._quote(keys)
        if f"book:{symbol}" in keys or f"quotes:{symbol}" in keys:
            self._book(symbol)
        if f"trades:{symbol}" in keys:
            self._trades(symbol)
        if f"candles:{symbol}:{interval}" in keys:
            self._bars(self.state.series.get((symbol, interval)))
        if "orders" in keys:
            orders = self.state.orders.values()
            self._ladder.set_own(resting(orders, symbol, "buy"), resting(orders, symbol, "sell"))
        for widget in (self._watchlist, self._tape, self._chart, self._ladder):
            widget.paint()

    def action_order(self, side: str) -> None:
        """A limit order at the ladder's cursor."""
        self.post_message(OrderWanted(self.state.symbol, side, "limit", self._ladder.cursor))

    def action_market(self) -> None:
        """An order at whatever price there is."""
        self.post_message(OrderWanted(self.state.symbol, "buy", "market"))

    def action_candles(self) -> None:
        """The chart alone, or everything again."""
        self.toggle_class("-chart")

    def action_shift(self, by: int) -> None:
        """The next longer or shorter interval."""
        self._choose(INTERVALS[max(0, min(INTERVALS.index(self.state.interval) + by, len(INTERVALS) - 1))])

    def action_overlay(self) -> None:
        """The next indicator over the candles."""
        self._chart.next_overlay()

    def action_study(self) -> None:
        """The next indicator below the candles."""
        self._chart.next_pane()

    def action_style(self) -> None:
        """Candles or a line."""
        self._chart.next_style()

    def action_symbol(self, by: int) -> None:
        """The next or the previous symbol of the watchlist."""
        self._watchlist.action_move(by)

    def action_ladder(self, rows: int) -> None:
        """The ladder's cursor, wherever the focus is."""
        self._ladder.action_move(rows)

    def action_centre(self) -> None:
        """The ladder's cursor back to the market."""
        self._ladder.action_centre()

    def action_coarser(self, by: int) -> None:
        """More ticks in a row of the ladder, or fewer."""
        self._ladder.action_coarser(by)

    @on(Watchlist.Chosen)
    def _look(self, chosen: Watchlist.Chosen) -> None:
        self.post_message(SymbolChosen(chosen.symbol))

    @on(Ladder.Picked)
    def _pick(self, picked: Ladder.Picked) -> None:
        self.post_message(OrderWanted(self.state.symbol, picked.side, "limit", picked.price))

    @on(Head.IntervalChosen)
    def _take_interval(self, chosen: Head.IntervalChosen) -> None:
        self._choose(chosen.interval)

    def _choose(self, interval: str) -> None:
        if interval != self.state.interval:
            self.state.interval = interval
            self.state.touch("interval")

    def _fade(self) -> None:
        if self.display:
            self._watchlist.paint()

    def _list(self) -> None:
        """Another watchlist."""
        known = [self.state.instruments[each] for each in self.state.watchlist if each in self.state.instruments]
        self._watchlist.set_symbols([self._quoted.row(each, self.state.quotes.get(each.symbol)) for each in known])
        self._watchlist.choose(self.state.symbol)

    def _turn_to(self, symbol: str) -> None:
        """Another instrument: what is shown of the one before is gone."""
        self._symbol, self._series, self._last_trade = symbol, None, 0
        instrument = self.state.instruments.get(symbol)
        if instrument is None:
            return
        self._ladder.set_instrument(instrument.tick)
        self._tape.set_prints([], instrument.price_scale)
        self._chart.set_bars([], instrument.price_scale)
        self._watchlist.choose(symbol)
        self._book(symbol)
        self._trades(symbol)

    def _quote(self, keys: Container[str]) -> None:
        """Rows of the watchlist, and the line over the chart."""
        instruments, quotes, symbol = self.state.instruments, self.state.quotes, self.state.symbol
        for each in self.state.watchlist:
            if f"quotes:{each}" in keys and each in instruments:
                self._watchlist.put(self._quoted.row(instruments[each], quotes.get(each)))
        self._head.say(Heading(instruments.get(symbol), quotes.get(symbol), self.state.interval))

    def _book(self, symbol: str) -> None:
        book, quote = self.state.books.get(symbol), self.state.quotes.get(symbol)
        if book is not None:
            self._ladder.set_book(dict(book.bids(DEEP)), dict(book.asks(DEEP)), quote.last if quote else None)

    def _trades(self, symbol: str) -> None:
        """Those that came since the last time."""
        tape = self.state.tapes.get(symbol, ())
        new = list(takewhile(lambda trade: trade.id > self._last_trade, reversed(tape)))
        for trade in reversed(new):
            self._tape.add(print_of(trade))
        if new:
            self._last_trade = new[0].id

    def _bars(self, series: Series | None) -> None:
        """The last bars as they are now, or all of another series."""
        if series is None or series is not self._series:
            self._series = series
            scale = self.state.instruments[self._symbol].price_scale if self._symbol in self.state.instruments else 2
            self._chart.set_bars([bar_of(each) for each in series.bars] if series else [], scale)
            return
        for candle in series.bars[-RECENT:]:
            self._chart.put_bar(bar_of(candle))

    @work(exclusive=True, group="candles")
    async def _load(self, symbol: str, interval: str) -> None:
        """Show what is known of these candles, and ask for longer ones than minutes, which come by the link."""
        self._bars(self.state.series.get((symbol, interval)))
        self._chart.paint()
        if not symbol or interval == INTERVALS[0]:
            return
        try:
            await self.desk.candles(symbol, interval)
            self._chart.empty = t("market.no_candles")
        except Failed as failed:
            self._chart.empty = t("market.candles_late", why=str(failed))
            self._chart.repaint()
            self.set_timer(AGAIN, lambda: self._load(self.state.symbol, self.state.interval))
