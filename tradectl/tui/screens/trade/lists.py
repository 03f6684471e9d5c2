"""The blotter: orders, and below them what became of the one under the cursor."""

import asyncio
from collections.abc import Container
from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical

from tradectl.desk import records
from tradectl.desk.account import Order
from tradectl.desk.failures import Failed
from tradectl.desk.records import Explained, Life
from tradectl.tui.figures import number
from tradectl.tui.screens.trade import blotter
from tradectl.tui.widgets.table import Table
from tradectl.tui.words import t

if TYPE_CHECKING:
    from tradectl.tui.app import Terminal

PAUSE = 0.2
"""Seconds for which the cursor must rest on an order before it is asked what became of it."""


class Lists(Vertical):
    """A part of the trade screen, which tells it what changed."""

    DEFAULT_CSS = """
    Lists { width: 1fr; height: 1fr; }
    Lists > Table { border: round $grid; border-title-color: $flat; }
    Lists > Table:focus { border: round $primary; border-title-color: $primary; }
    Lists > #blotter { height: 3fr; }
    Lists > #details { height: 2fr; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._past: dict[str, Order] = {}
        """Orders that the link does not tell of: those that ended before the sign-in, or in a cut."""
        self._cuts = 0
        self._filter = "all"
        self._life: Life | None = None
        self._why: dict[str, Explained] = {}
        self.table = Table(blotter.columns(), id="blotter", empty=t("blotter.empty"))
        self.details = Table(blotter.detail_columns(), id="details", empty=t("detail.empty"))

    def compose(self) -> ComposeResult:
        yield self.table
        yield self.details

    def on_mount(self) -> None:
        """What was before is asked for."""
        self._load_past()

    @property
    def _terminal(self) -> "Terminal":
        return cast("Terminal", self.app)

    @property
    def orders(self) -> dict[str, Order]:
        """All that are known, by id."""
        return {**self._past, **self._terminal.desk.state.orders}

    @property
    def chosen(self) -> Order | None:
        """The order under the cursor."""
        return self.orders.get(self.table.chosen or "")

    def changed(self, keys: Container[str]) -> None:
        """Draw orders that changed; after a cut, ask what was missed."""
        link = self._terminal.desk.state.link
        if link.status == "live" and link.cuts != self._cuts:
            self._cuts = link.cuts
            self._load_past()
        if "orders" in keys:
            self._show_orders()
        self.table.paint()
        self.details.paint()

    def go_to(self, order_id: str) -> None:
        """The cursor to an order that was just placed or changed."""
        self._show_orders()
        self.table.choose(order_id)
        self.table.paint()
        self._load_life(order_id)

    def turn_filter(self) -> None:
        """All orders, open ones, those that ended."""
        at = blotter.FILTERS.index(self._filter)
        self._filter = blotter.FILTERS[(at + 1) % len(blotter.FILTERS)]
        self._show_orders()
        self.table.paint()

    def explain(self) -> None:
        """Why the fills of the order under the cursor are what they are."""
        if self.chosen is not None:
            self._load_life(self.chosen.id, explain=True)

    def _show_orders(self) -> None:
        shown = blotter.selected(self.orders.values(), self._filter)
        self.table.show([blotter.entry(order) for order in shown])
        many = sum(each.open for each in self.orders.values())
        title = t("blotter.title", filter=t(f"filter.{self._filter}"), open=many)
        if self.table.border_title != title:
            self.table.border_title = title
        order = self.chosen
        if order is not None and (self._life is None or (order.id, order.updated_at) != self._stamp):
            self._load_life(order.id)
        elif order is None:
            self._show_life(None)

    @property
    def _stamp(self) -> tuple[str, object]:
        return ("", None) if self._life is None else (self._life.id, self._life.updated_at)

    def _show_life(self, life: Life | None) -> None:
        self._life = life
        details = self.details
        details.show([] if life is None else blotter.details(life, self._why))
        symbol = "" if life is None else f"{life.symbol} {number(life.quantity)}"
        details.border_title = t("detail.title", order=symbol)
        details.paint()

    @work(exclusive=True, group="past")
    async def _load_past(self) -> None:
        try:
            found = await records.orders(self._terminal.desk.client)
        except Failed as failure:
            self._terminal.complain(failure)
            return
        self._past = {each.id: each for each in found if not each.open}
        self._show_orders()
        self.table.paint()

    @work(exclusive=True, group="life")
    async def _load_life(self, order_id: str, *, explain: bool = False) -> None:
        """What became of an order, a little after the cursor has come to it."""
        if not explain:
            await asyncio.sleep(PAUSE)
        try:
            life = await records.life(self._terminal.desk.client, order_id)
            if explain:
                found = await records.explanation(self._terminal.desk.client, order_id)
                self._why = {each.id: each for each in found.fills}
        except Failed as failure:
            self._terminal.complain(failure)
            return
        self._show_life(life)

    def on_table_chosen(self, told: Table.Chosen) -> None:
        """Another order is looked at."""
        if told.table is self.table:
            self._load_life(told.key)

    def on_table_picked(self, told: Table.Picked) -> None:
        """Why its fills are what they are."""
        if told.table is self.table:
            self._load_life(told.key, explain=True)
