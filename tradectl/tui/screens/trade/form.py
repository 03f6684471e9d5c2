"""The ticket: fields, what is wrong with each, and what the order would cost; told what it needs as plain data."""

from dataclasses import replace
from decimal import Decimal
from typing import ClassVar, cast, get_args

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from services.contracts.orders import OrderType, Side, TimeInForce
from tradectl.desk import preview, ticket
from tradectl.desk.account import Order
from tradectl.desk.listing import Listing
from tradectl.desk.preview import Means, Preview
from tradectl.desk.ticket import Draft, Refusal
from tradectl.tui.figures import number
from tradectl.tui.refusals import refusal_text
from tradectl.tui.screens.trade.controls import Amount, Choice, Field
from tradectl.tui.words import t

NONE = Means(cash=Decimal(0), shares=Decimal(0))
WANTING = frozenset({"quantity_required", "price_required"})
"""Nothing is said of a field that is still empty, until the order is sent."""
WHERE = ("symbol", "quantity", "limit_price", "stop_price")
ORDER = ("side", "type", "quantity", "limit_price", "stop_price", "tif")
WIDTH = 34


class Send(Static):
    """What a click sends the ticket by."""

    def on_click(self) -> None:
        """As if Enter had been pressed."""
        if isinstance(self.parent, TicketForm):
            self.parent.action_send()


class TicketForm(Vertical):
    """Posts ``Typed`` when the draft has changed and nothing here refuses it, ``Sent`` when it is to be placed."""

    DEFAULT_CSS = f"""
    TicketForm {{ width: {WIDTH}; height: 1fr; border: round $grid; padding: 0 1; }}
    TicketForm:focus-within {{ border: round $primary; }}
    TicketForm.-buy {{ border-title-color: $up; }}
    TicketForm.-sell {{ border-title-color: $down; }}
    TicketForm > #symbol-refusal {{ color: $error; height: auto; display: none; }}
    TicketForm > #symbol-refusal.-refused {{ display: block; }}
    TicketForm > #market {{ height: 1; text-align: center; }}
    TicketForm > #sums {{ height: auto; margin-top: 1; }}
    TicketForm > #send {{ height: 1; margin-top: 1; text-align: center; text-style: bold; }}
    TicketForm.-buy > #send {{ background: $up; color: $background; }}
    TicketForm.-sell > #send {{ background: $down; color: $background; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "ticket.send", priority=True),
        Binding("escape", "leave", "ticket.leave"),
        Binding("a", "most", "ticket.take_most", show=False),
    ]

    class Typed(Message):
        """A draft that the platform may be asked about."""

        def __init__(self, draft: Draft) -> None:
            super().__init__()
            self.draft = draft

    class Sent(Message):
        """A draft to be placed, or an order to be changed to it; ``cost`` is the most that it takes."""

        def __init__(self, draft: Draft, order: Order | None, cost: Preview | None) -> None:
            super().__init__()
            self.draft = draft
            self.order = order
            self.cost = cost

    class Left(Message):
        """Somebody wants to be elsewhere."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.order: Order | None = None
        """The one that is to be replaced."""
        self._listing: Listing | None = None
        self._means = NONE
        self._asked = False
        self._answered: tuple[Draft, tuple[Refusal, ...], dict[str, str]] | None = None
        """What the platform said of a draft: refusals, and its words by code."""

        self.choices = {
            "side": Choice(get_args(Side), lambda each: t(f"side.{each}"), id="side"),
            "type": Choice(ticket.TYPES, lambda each: t(f"type.{each}"), id="type"),
            "tif": Choice(ticket.TIMES_IN_FORCE, lambda each: t(f"tif.{each}"), id="tif"),
        }
        self.amounts = {name: Amount(id=name) for name in WHERE[1:]}
        self._fields = {name: Field(t(f"ticket.{name}"), self._control(name)) for name in ORDER}
        self._lines = -1
        """Of the sums: only another number of them moves what is below."""
        self._said = ""
        self._market = Static("", id="market", markup=False)
        self._above = Static("", id="symbol-refusal", markup=False)
        self._sum = Static("", id="sums", markup=False)
        self._button = Send("", id="send", markup=False)

    def _control(self, name: str) -> Widget:
        return self.choices[name] if name in self.choices else self.amounts[name]

    def compose(self) -> ComposeResult:
        yield self._market
        yield self._above
        yield from self._fields.values()
        yield self._sum
        yield self._button

    def focus_on(self, name: str) -> None:
        """Go on with this field, at once: what is typed next is meant for it, and `focus` waits for a turn."""
        self.screen.set_focus(self._control(name))

    @property
    def draft(self) -> Draft:
        """What is typed."""
        return Draft(
            symbol=self._listing.symbol if self._listing else "",
            side=cast(Side, self.choices["side"].value),
            type=cast(OrderType, self.choices["type"].value),
            tif=cast(TimeInForce, self.choices["tif"].value),
            quantity=self.amounts["quantity"].value,
            limit_price=self.amounts["limit_price"].value,
            stop_price=self.amounts["stop_price"].value,
        )

    def fill(self, draft: Draft, order: Order | None = None) -> None:
        """Begin with this draft, to change an order if one is given."""
        self.order, self._asked, self._answered = order, False, None
        for name in ("side", "type", "tif"):
            choice = self.choices[name]
            choice.choose(getattr(draft, name))
            choice.disabled = order is not None
        with self.prevent(Input.Changed):
            for name in ("quantity", "limit_price", "stop_price"):
                field = self.amounts[name]
                field.value = getattr(draft, name)
                field.cursor_position = len(field.value)
        self.check()

    def know(self, listing: Listing, means: Means) -> None:
        """The instrument as it is now, and what is free; of an order that is replaced, with what it gives back."""
        if (listing, means) == (self._listing, self._means):
            return
        self._listing, self._means = listing, means
        quantity = self.amounts["quantity"]
        quantity.step = quantity.start = listing.lot
        for name in ticket.PRICES:
            price = self.amounts[name]
            price.step, price.start = listing.tick, listing.reference or listing.tick
        self.check()

    def price(self, bid: Decimal | None, ask: Decimal | None) -> None:
        """The best prices of the book."""
        said = Content.assemble((number(bid), "$up"), ("  /  ", "$flat"), (number(ask), "$down"))
        self._market.update(said, layout=False)

    def answer(self, draft: Draft, refusals: tuple[Refusal, ...], words: dict[str, str]) -> None:
        """What the platform says of a draft; it is shown while that is what is typed."""
        self._answered = (draft, refusals, words)
        self.check()

    def turn(self, name: str, value: str) -> None:
        """Choose side or type, and go on with the quantity."""
        if not self.choices[name].disabled:
            self.choices[name].choose(value)
            self._answered = None
            self._changed()
        self.focus_on("quantity")

    @on(Input.Changed)
    @on(Choice.Changed)
    def _changed(self) -> None:
        self.check()
        if self._listing is not None and self.order is None and not self._refusals():
            self.post_message(self.Typed(self.draft))

    def check(self) -> None:
        """Say at each field what is wrong, and below what it costs."""
        draft = self.draft
        for name in ticket.PRICES:
            self._fields[name].set_class(name not in ticket.PRICED[draft.type], "-hidden")
        told = self._told()
        for name in WHERE[1:]:
            self._fields[name].refuse(told.get(name, ""))
        self._refuse_symbol(told.get("symbol", ""))
        self.set_class(draft.side == "buy", "-buy")
        self.set_class(draft.side == "sell", "-sell")
        title = t("ticket.replaces" if self.order else "ticket.title", symbol=draft.symbol)
        if self.border_title != title:  # it has the whole ticket drawn anew
            self.border_title = title
        sums = self._sums()
        self._sum.update(sums, layout=sums.plain.count("\n") != self._lines)
        self._lines = sums.plain.count("\n")
        what = t(f"side.{draft.side}") if self.order is None else t("ticket.replace")
        self._button.update(f"{what} {draft.quantity} {draft.symbol}", layout=False)

    def _refuse_symbol(self, text: str) -> None:
        if text != self._said:
            self._said = text
            self._above.update(text)
            self._above.set_class(bool(text), "-refused")

    def _refusals(self) -> tuple[Refusal, ...]:
        if self._listing is None:
            return ()
        filled = self.order.filled_quantity if self.order else Decimal(0)
        return ticket.refusals(self.draft, self._listing, filled)

    def _told(self) -> dict[str, str]:
        """A sentence by field: ours first, then that the means are short, then the platform's."""
        told = {
            each.field: refusal_text(each.code, each.about)
            for each in self._refusals()
            if self._asked or each.code not in WANTING
        }
        cost = self.cost
        if cost is not None and cost.short:
            code = "insufficient_cash" if self.draft.side == "buy" else "insufficient_shares"
            told.setdefault("quantity", refusal_text(code, {}))
        if self._answered is not None and self._answered[0] == self.draft:
            _, refusals, words = self._answered
            for each in refusals:
                where = each.field if each.field in WHERE else "symbol"
                told.setdefault(where, refusal_text(each.code, each.about, words.get(each.code, "")))
        return told

    @property
    def cost(self) -> Preview | None:
        """What is typed would cost; of an order that is replaced, what is left of it. None while it is no order."""
        terms = ticket.terms(self.draft, self._listing) if self._listing else None
        if terms is None or self._listing is None:
            return None
        if self.order is not None:
            terms = replace(terms, quantity=max(terms.quantity - self.order.filled_quantity, Decimal(0)))
        return preview.preview(terms, self._listing, self._means)

    def _sums(self) -> Content:
        listing, cost = self._listing, self.cost
        if listing is None:
            return Content("")
        places = -int(listing.minor.as_tuple().exponent)
        lines = [
            ("cost" if self.draft.side == "buy" else "proceeds", cost.cost if cost else None),
            ("fee", cost.fee if cost else None),
            ("after", cost.after if cost else self._means.cash),
        ]
        found = [
            (f"{t(f'ticket.{name}'):<16}{number(amount, min(places, 2)):>14}\n", "bold" if name == "after" else "")
            for name, amount in lines
        ]
        return Content.assemble(*found, (self._bounds(listing), "$flat"))

    def _bounds(self, listing: Listing) -> str:
        """The most that the means bear, and the band."""
        most = self._most(listing)
        said = "" if most is None else t("ticket.most", quantity=number(most)) + "\n"
        if listing.band is not None:
            said += t("ticket.band", low=number(listing.band[0]), high=number(listing.band[1]))
        return said

    def _most(self, listing: Listing) -> Decimal | None:
        terms = ticket.terms(replace(self.draft, quantity=ticket.plain(listing.lot)), listing)
        return None if terms is None else preview.most(terms, listing, self._means)

    def action_most(self) -> None:
        """Fill in the most that the means bear."""
        most = self._most(self._listing) if self._listing else None
        if most:
            self.amounts["quantity"].value = ticket.plain(most)

    def action_send(self) -> None:
        """Send it, or go to the first field that is wrong."""
        self._asked = True
        self._answered = None
        self.check()
        wrong = [each.field for each in self._refusals()]
        if wrong:
            where = wrong[0] if wrong[0] != "symbol" else "quantity"
            self.focus_on(where)
        else:
            self.post_message(self.Sent(self.draft, self.order, self.cost))

    def action_leave(self) -> None:
        """Back to the blotter."""
        self.post_message(self.Left())
