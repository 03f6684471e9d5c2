"""The portfolio screen's own doings: sums and positions at the market's last prices, the curve, trades, statement."""

from collections.abc import Container, Iterable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from tradectl.desk import records, valuation
from tradectl.desk.account import Transfer
from tradectl.desk.failures import Failed
from tradectl.desk.records import Performance
from tradectl.tui.figures import number
from tradectl.tui.messages import OrderWanted, SymbolChosen
from tradectl.tui.pane import Pane
from tradectl.tui.screens.portfolio import rows
from tradectl.tui.transfer import Transferring, Way
from tradectl.tui.widgets.curve import Curve, Series
from tradectl.tui.widgets.table import Entry, Table
from tradectl.tui.words import t

KINDS = ("trades", "statement")
EVERY = 15.0
"""Seconds between two curves."""


class PortfolioPane(Pane):
    """Currencies and the equity's curve above, positions in the middle, trades or the statement below."""

    name_of = "portfolio"
    DEFAULT_CSS = """
    PortfolioPane > #top { height: 2fr; min-height: 7; }
    PortfolioPane #cash { width: 3fr; border: round $grid; border-title-color: $flat; }
    PortfolioPane #curve { width: 2fr; border: round $grid; border-title-color: $flat; border-subtitle-color: $flat; }
    PortfolioPane > Table { border: round $grid; border-title-color: $flat; height: 2fr; }
    PortfolioPane Table:focus { border: round $primary; border-title-color: $primary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "period", "portfolio.period"),
        Binding("e", "currency", "portfolio.currency"),
        Binding("f", "view", "portfolio.view"),
        Binding("b", "order('buy')", "trade.buy"),
        Binding("s", "order('sell')", "trade.sell"),
        Binding("d", "transfer('in')", "transfer.in"),
        Binding("D", "transfer('out')", "transfer.out"),
        Binding("g", "reload", "portfolio.reload", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._period = records.PERIODS[0]
        self._kind = KINDS[0]
        self._performances: list[Performance] = []
        self._currency = 0

        self.cash = Table(rows.cash_columns(), id="cash", empty=t("cash.empty"))
        self.curve = Curve(id="curve")
        self.positions = Table(rows.position_columns(), id="positions", empty=t("position.empty"))
        self.done = Table(rows.trade_columns(), id="done", empty=t("trades.empty"))

    def compose(self) -> ComposeResult:
        with Horizontal(id="top"):
            yield self.cash
            yield self.curve
        yield self.positions
        yield self.done

    def on_mount(self) -> None:
        super().on_mount()
        self.curve.empty = t("curve.empty")
        self.cash.border_title = t("cash.title")
        self.positions.border_title = t("position.title")
        self.set_interval(EVERY, self._load_curve)

    def on_focus(self) -> None:
        """The positions have the keys."""
        if self.screen.focused is self:
            self.positions.focus()

    def channels(self) -> Iterable[str]:
        return [f"quotes:{each.symbol}" for each in self.state.portfolio.positions if each.quantity]

    def changed(self, keys: Container[str]) -> None:
        """Sums follow every price of what is held; the lists follow the books."""
        booked = "portfolio" in keys
        if booked:
            self.follow_anew()
            self._load_curve()
            self._load_done()
        if booked or any(channel in keys for channel in self.channels()):
            self._show_sums()
        for each in (self.cash, self.curve, self.positions, self.done):
            each.paint()

    def _show_sums(self) -> None:
        portfolio, quotes = self.state.portfolio, self.state.quotes
        held = {each.symbol for each in portfolio.positions if each.quantity}
        last = {symbol: quotes[symbol].last for symbol in held if symbol in quotes}
        positions = valuation.all_valued(portfolio, last)
        self.positions.show([rows.position(each) for each in positions])
        self.cash.show([rows.cash(each) for each in valuation.sums(portfolio, positions)])

    @work(exclusive=True, group="curve")
    async def _load_curve(self) -> None:
        try:
            self._performances = await records.performance(self.desk.client, self._period)
        except Failed as failure:
            self.terminal.complain(failure)
            return
        self._show_curve()

    def _show_curve(self) -> None:
        curve = self.curve
        if not self._performances:
            return
        found = self._performances[self._currency % len(self._performances)]
        points = rows.points(found.curve)
        curve.show(Series(points), base=points[0][1] if points else None)
        curve.border_title = t(
            "curve.title",
            currency=found.currency,
            period=t(f"period.{self._period}"),
            gain=number(found.return_percent, sign=True),
        )
        curve.border_subtitle = t("curve.drawdown", percent=number(found.drawdown_percent))
        curve.paint()

    @work(exclusive=True, group="done")
    async def _load_done(self) -> None:
        try:
            entries = await self._done()
        except Failed as failure:
            self.terminal.complain(failure)
            return
        table = self.done
        table.columns = rows.trade_columns() if self._kind == "trades" else rows.movement_columns()
        table.border_title = t(f"{self._kind}.title")
        table.show(entries)
        table.paint()

    async def _done(self) -> list[Entry]:
        client = self.desk.client
        if self._kind == "trades":
            return [rows.trade(each) for each in await records.booked(client)]
        return [rows.movement(n, each) for n, each in enumerate(await records.statement(client))]

    def on_table_picked(self, told: Table.Picked) -> None:
        """Look at what is held."""
        if told.table is self.positions:
            self.post_message(SymbolChosen(told.key))

    def action_period(self) -> None:
        """The next period of the curve."""
        at = records.PERIODS.index(self._period)
        self._period = records.PERIODS[(at + 1) % len(records.PERIODS)]
        self._load_curve()

    def action_currency(self) -> None:
        """The curve of the next currency."""
        self._currency += 1
        self._show_curve()

    def action_view(self) -> None:
        """Trades, or the statement."""
        self._kind = KINDS[1 - KINDS.index(self._kind)]
        self._load_done()

    def action_order(self, side: str) -> None:
        """A ticket for the position under the cursor."""
        if self.positions.chosen is not None:
            self.post_message(OrderWanted(self.positions.chosen, side))

    def action_transfer(self, way: Way) -> None:
        """Money into the account, or out of it."""
        if self.state.portfolio.cash or way == "in":
            self.terminal.ask(Transferring(self.desk, way), self._transferred)
        else:
            self.notify(t("cash.empty"), severity="warning")

    def _transferred(self, asked: Transfer | None) -> None:
        """That it has come or gone is told by a notification."""
        if asked is not None:
            self.notify(t(f"transfer.{asked.status}", amount=number(asked.amount), asset=asked.asset))

    def action_reload(self) -> None:
        """Ask for all of it again."""
        self._load_curve()
        self._load_done()
