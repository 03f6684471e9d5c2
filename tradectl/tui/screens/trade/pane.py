"""The trade screen's own doings: it hands the desk's facts to ticket and blotter, and what they ask for to the desk."""

import asyncio
from collections.abc import Container, Iterable
from decimal import Decimal
from typing import ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from services.contracts.orders import OrderType, Side
from tradectl.desk import records, ticket
from tradectl.desk.account import Order
from tradectl.desk.failures import Failed, Refused
from tradectl.desk.listing import Listing, listing_of
from tradectl.desk.preview import Means
from tradectl.desk.ticket import Draft, Refusal
from tradectl.tui.figures import number
from tradectl.tui.messages import OrderWanted
from tradectl.tui.pane import Pane
from tradectl.tui.screens.trade.form import TicketForm
from tradectl.tui.screens.trade.lists import Lists
from tradectl.tui.screens.trade.questions import Confirm
from tradectl.tui.words import t

PAUSE = 0.2
"""Seconds of quiet after which the platform is asked what it thinks of a draft."""
WINDOW = 5.0
"""Seconds in which the cancelling of everything can be taken back."""
NARROW = 72
"""Cells below which ticket and blotter are one above the other."""
NOTHING = Decimal(0)


class TradePane(Pane):
    """Ticket at the left, blotter at the right, what became of an order below it."""

    name_of = "trade"
    DEFAULT_CSS = """
    TradePane #sides { height: 1fr; }
    TradePane.-narrow #sides { layout: vertical; }
    TradePane.-narrow TicketForm { width: 1fr; height: auto; }
    TradePane.-narrow #details { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "side('buy')", "trade.buy"),
        Binding("s", "side('sell')", "trade.sell"),
        Binding("m", "market", "trade.market", show=False),
        Binding("c", "cancel", "trade.cancel"),
        Binding("C", "cancel_all", "trade.cancel_all"),
        Binding("r", "replace", "trade.replace"),
        Binding("x", "explain", "trade.explain"),
        Binding("f", "filter", "trade.filter", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._given_back = NOTHING
        """What the order that is being replaced has reserved."""
        self._sending = False
        """Whether an answer is waited for: Enter pressed twice is one order."""
        self.form = TicketForm(id="ticket")
        self.lists = Lists(id="lists")

    def compose(self) -> ComposeResult:
        with Horizontal(id="sides"):
            yield self.form
            yield self.lists

    def on_focus(self) -> None:
        """The blotter has the keys, until a ticket is begun."""
        if self.screen.focused is self:
            self.screen.set_focus(self.lists.table)

    def on_resize(self) -> None:
        """One above the other where there is no room."""
        self.set_class(self.size.width < NARROW, "-narrow")

    def channels(self) -> Iterable[str]:
        return [f"quotes:{self._symbol}"]

    def begin(self, wanted: OrderWanted) -> None:
        """A new order, to be filled in."""
        price = wanted.price if wanted.price is not None else self._best(wanted.symbol, wanted.side)
        draft = Draft(
            symbol=wanted.symbol,
            side=cast(Side, wanted.side),
            type=cast(OrderType, wanted.type),
            limit_price="" if price is None else ticket.plain(price),
        )
        self._begin(draft, None)
        self.form.focus_on("quantity")

    def _best(self, symbol: str, side: str) -> Decimal | None:
        """The price at which an order would meet the other side now."""
        quote = self.state.quotes.get(symbol)
        return None if quote is None else quote.ask if side == "buy" else quote.bid

    def _begin(self, draft: Draft, order: Order | None, given_back: Decimal = NOTHING) -> None:
        self._given_back = given_back
        self.form.fill(draft, order)
        self._know()

    def changed(self, keys: Container[str]) -> None:
        """Hand on what is new."""
        if "orders" in keys:
            self._follow_order()
        if any(key in keys for key in ("symbol", "instruments", "portfolio", "orders")):
            self._know()
        quote = self.state.quotes.get(self._symbol)
        if f"quotes:{self._symbol}" in keys and quote is not None:
            self.form.price(quote.bid, quote.ask)
        self.lists.changed(keys)

    def _follow_order(self) -> None:
        """An order that ended cannot be replaced any more."""
        order = self.form.order
        if order is not None and not self.lists.orders.get(order.id, order).open:
            self._begin(Draft(symbol=order.symbol), None)

    @property
    def _symbol(self) -> str:
        """What the ticket is about."""
        return self.form.order.symbol if self.form.order else self.state.symbol

    def _know(self) -> None:
        symbol = self._symbol
        instrument = self.state.instruments.get(symbol)
        if instrument is not None:
            listing = listing_of(instrument)
            self.form.know(listing, self._means(listing))

    def _means(self, listing: Listing) -> Means:
        portfolio = self.state.portfolio
        cash = next((each.free for each in portfolio.cash if each.currency == listing.currency), NOTHING)
        held = [each.quantity - each.reserved for each in portfolio.positions if each.symbol == listing.symbol]
        shares = sum(held, NOTHING)
        if self.form.order is not None and self.form.order.side == "sell":
            shares += self._given_back
        elif self.form.order is not None:
            cash += self._given_back
        return Means(cash=cash, shares=shares)

    @on(TicketForm.Left)
    def _leave(self) -> None:
        if self.form.order is not None:
            self._begin(Draft(symbol=self.form.order.symbol), None)
        self.lists.table.focus()

    @on(TicketForm.Typed)
    def _typed(self, typed: TicketForm.Typed) -> None:
        self._ask(typed.draft)

    @work(exclusive=True, group="preview")
    async def _ask(self, draft: Draft) -> None:
        """What the platform thinks of a draft, once nothing has been typed for a moment."""
        await asyncio.sleep(PAUSE)
        try:
            found = await self.desk.preview(draft.body)
        except Failed:
            return  # the ticket's own checks stand, and the order is checked again when it is placed
        told = tuple(Refusal(each.field or "symbol", each.code) for each in found.refusals)
        self.form.answer(draft, told, {each.code: each.detail for each in found.refusals})

    @on(TicketForm.Sent)
    def _sent(self, sent: TicketForm.Sent) -> None:
        """Place it, or ask first."""
        if self._sending:
            return
        self.workers.cancel_group(self, "preview")  # its answer would take the place of what is said of the order
        large = self.terminal.settings.large
        if sent.cost is None or sent.cost.cost <= large:
            self._hand_on(sent)
            return
        amount = f"{number(sent.cost.total if sent.draft.side == 'buy' else sent.cost.cost, 2)} {sent.cost.currency}"
        text = t("confirm.large", order=self._words(sent.draft), amount=amount, limit=number(large))

        def answered(yes: bool | None) -> None:
            if yes:
                self._hand_on(sent)

        self.terminal.ask(Confirm(text), answered)

    def _words(self, draft: Draft) -> str:
        prices = " / ".join(draft.prices.values()) or t("blotter.market")
        return f"{t(f'side.{draft.side}')} {draft.quantity} {draft.symbol}, {prices}, {t(f'tif.{draft.tif}')}"

    def _hand_on(self, sent: TicketForm.Sent) -> None:
        if not self._sending:
            self._sending = True
            self._send(sent)

    @work(group="orders")
    async def _send(self, sent: TicketForm.Sent) -> None:
        draft = sent.draft
        try:
            if sent.order is None:
                order = await self.desk.place(draft.body)
            else:
                order = await self.desk.replace(sent.order.id, ticket.edit(sent.order, draft))
        except Refused as refused:
            where = refused.field or "symbol"
            self.form.answer(draft, (Refusal(where, refused.code),), {refused.code: refused.detail})
            return
        except Failed as failure:
            self.terminal.complain(failure)
            return
        finally:
            self._sending = False
        self._begin(Draft(symbol=draft.symbol, side=draft.side, type=draft.type, tif=draft.tif), None)
        self._put(order)

    def _put(self, order: Order) -> None:
        """An order that was placed or changed is seen at once; what the link has told of it since is newer."""
        known = self.state.orders.get(order.id)
        if known is None or known.updated_at < order.updated_at:
            self.state.orders[order.id] = order
        self.lists.go_to(order.id)
        self.lists.table.focus()

    def action_side(self, side: str) -> None:
        """Buy, or sell."""
        self.form.turn("side", side)

    def action_market(self) -> None:
        """An order at the market."""
        self.form.turn("type", "market")

    def action_explain(self) -> None:
        """Why the fills of the order under the cursor are what they are."""
        self.lists.explain()

    def action_filter(self) -> None:
        """All orders, open ones, those that ended."""
        self.lists.turn_filter()

    @work(group="orders")
    async def action_replace(self) -> None:
        """Change the order under the cursor."""
        order = self.lists.chosen
        if order is None or not order.open:
            self.notify(t("trade.none_open"), severity="warning")
            return
        try:
            life = await records.life(self.desk.client, order.id)
        except Failed as failure:
            self.terminal.complain(failure)
            return
        self._begin(ticket.draft_of(life), life, life.reserved)
        self.form.focus_on(next(iter(self.form.draft.prices), "quantity"))

    @work(group="orders")
    async def action_cancel(self) -> None:
        """Ask for the end of the order under the cursor."""
        order = self.lists.chosen
        if order is None or not order.open:
            self.notify(t("trade.none_open"), severity="warning")
            return
        try:
            await self.desk.cancel(order.id)
        except Failed as failure:
            self.terminal.complain(failure)

    async def action_cancel_all(self) -> None:
        """Ask for the end of every open order, unless that is taken back in time."""
        many = len(self.state.open_orders)
        if many:
            await self.terminal.later(t("trade.all_go", n=many), WINDOW, self._cancel_all)
        else:
            self.notify(t("trade.none_open"), severity="warning")

    async def _cancel_all(self) -> None:
        try:
            found = await self.desk.cancel_all()
        except Failed as failure:
            self.terminal.complain(failure)
        else:
            self.notify(t("trade.all_cancelled", n=len(found)))
