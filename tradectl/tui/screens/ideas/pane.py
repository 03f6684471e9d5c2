"""The ideas screen's own doings: signals as they come, the reason of the one under the cursor, a backtest of it."""

from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from tradectl.desk import records
from tradectl.desk.account import Signal
from tradectl.desk.failures import Failed
from tradectl.desk.records import Advice, Backtest
from tradectl.tui.messages import OrderWanted, SymbolChosen
from tradectl.tui.pane import Pane
from tradectl.tui.screens.ideas import rows
from tradectl.tui.screens.portfolio.rows import points
from tradectl.tui.widgets.curve import Curve, Series
from tradectl.tui.widgets.table import Table
from tradectl.tui.words import t

VIEWS = ("signals", "advice")
DAYS = 7
"""Of market time that a backtest goes back."""


class IdeasPane(Pane):
    """Signals, or what there is for this trader, above; below the reason, and how the strategy would have done."""

    name_of = "ideas"
    DEFAULT_CSS = """
    IdeasPane > #ideas { border: round $grid; border-title-color: $flat; height: 1fr; }
    IdeasPane > #ideas:focus { border: round $primary; border-title-color: $primary; }
    IdeasPane > #reason { height: auto; max-height: 4; padding: 0 2; }
    IdeasPane > #backtest { border: round $grid; border-title-color: $flat; height: 1fr; padding: 0 1; }
    IdeasPane #outcome { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "backtest", "ideas.backtest"),
        Binding("n", "strategy", "ideas.strategy"),
        Binding("f", "view", "ideas.view"),
        Binding("b", "order('buy')", "trade.buy"),
        Binding("s", "order('sell')", "trade.sell"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._view = VIEWS[0]
        self._advice: list[Advice] = []
        self._strategy = records.STRATEGIES[0]

        self.table = Table(rows.columns(), id="ideas", empty=t("ideas.empty"))
        self.why = Static("", id="reason")
        self.trial = Vertical(id="backtest")
        self.outcome = Static("", id="outcome")
        self.curve = Curve(id="tried")

    def compose(self) -> ComposeResult:
        yield self.table
        yield self.why
        with self.trial:
            yield self.outcome
            yield self.curve

    def on_mount(self) -> None:
        super().on_mount()
        self.curve.empty = t("backtest.none")
        self._title()

    def on_focus(self) -> None:
        """The list has the keys."""
        if self.screen.focused is self:
            self.table.focus()

    @property
    def chosen(self) -> Signal | None:
        """The signal under the cursor."""
        return next((each for each in self.state.signals if each.id == self.table.chosen), None)

    @property
    def symbol(self) -> str:
        """What the row under the cursor is about, else what is looked at."""
        if self._view == "advice":
            at = next((n for n in range(len(self._advice)) if f"a{n}" == self.table.chosen), None)
            return (self._advice[at].symbol if at is not None else None) or self.state.symbol
        return self.chosen.symbol if self.chosen else self.state.symbol

    def channels(self) -> Iterable[str]:
        return [f"quotes:{self.state.symbol}"]

    def changed(self, keys: Container[str]) -> None:
        """New signals come in above."""
        if "signals" in keys and self._view == "signals":
            self.table.show([rows.signal(each) for each in self.state.signals])
            self._show_reason()
        for each in (self.table, self.curve):
            each.paint()

    def on_table_chosen(self) -> None:
        """Another one is looked at."""
        self._show_reason()

    def on_table_picked(self) -> None:
        """Look at its symbol."""
        self.post_message(SymbolChosen(self.symbol))

    def _show_reason(self) -> None:
        signal = self.chosen if self._view == "signals" else None
        if signal is not None and signal.strategy in records.STRATEGIES:
            self._strategy = signal.strategy
        self.why.update(rows.reason(signal) if signal else "")
        self._title()

    def _title(self) -> None:
        self.table.border_title = t(f"{self._view}.title")
        strategy = t(f"strategy.{self._strategy}")
        self.trial.border_title = t("backtest.title", symbol=self.symbol, strategy=strategy, days=DAYS)

    @work(exclusive=True, group="backtest")
    async def action_backtest(self) -> None:
        """Try the strategy on the last days."""
        symbol, end = self.symbol, self._now()
        if end is None:
            self.notify(t("backtest.no_time"), severity="warning")
            return
        try:
            found = await records.backtest(
                self.desk.client, symbol, self._strategy, end - timedelta(days=DAYS), end + timedelta(minutes=5)
            )
        except Failed as failure:
            self.terminal.complain(failure)
            return
        self._show_backtest(found)

    def _now(self) -> datetime | None:
        """Market time, as the quotes tell it."""
        times = [quote.time for quote in self.state.quotes.values()]
        return max(times, default=None)

    def _show_backtest(self, found: Backtest) -> None:
        self.outcome.update(rows.outcome(found))
        curve = self.curve
        curve.show(Series(points(found.curve)), base=float(found.capital))
        curve.paint()

    def action_strategy(self) -> None:
        """The next strategy, tried at once."""
        at = records.STRATEGIES.index(self._strategy)
        self._strategy = records.STRATEGIES[(at + 1) % len(records.STRATEGIES)]
        self._title()
        self.action_backtest()

    def action_view(self) -> None:
        """All signals, or what there is for this trader."""
        self._view = VIEWS[1 - VIEWS.index(self._view)]
        self._title()
        if self._view == "advice":
            self._load_advice()
        else:
            self.table.columns = rows.columns()
            self.changed({"signals"})

    @work(exclusive=True, group="advice")
    async def _load_advice(self) -> None:
        try:
            self._advice = await records.advice(self.desk.client)
        except Failed as failure:
            self.terminal.complain(failure)
            return
        self.table.columns = rows.advice_columns()
        self.table.show([rows.advice(n, each) for n, each in enumerate(self._advice)])
        self._show_reason()
        self.table.paint()

    def action_order(self, side: str) -> None:
        """A ticket for what the cursor is on."""
        self.post_message(OrderWanted(self.symbol, side))
