"""Pilot tests of the trade screen: what is typed, what is sent, what is asked before; the wire is canned."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.eventually import eventually
from tests.unit.tradectl.desk.wires import DOOR, CannedWire, desk, order, raw, refusing, wire
from tradectl.desk.entry import Entry
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.screens.trade.form import TicketForm
from tradectl.tui.screens.trade.pane import TradePane
from tradectl.tui.screens.trade.questions import Confirm
from tradectl.tui.undo import UndoLine
from tradectl.tui.widgets.rows import plain
from tradectl.tui.widgets.table import Table

LIFE: dict[str, Any] = {"reserved": "2002.00", "history": [], "fills": []}
NONE: Mapping[str, Any] = {}
NOTHING_REFUSES = {"cost": "0", "fee": "0", "currency": "USD", "buying_power_after": "0", "refusals": []}


class Trading:
    """The trade screen in a terminal, and what it asks of the wire."""

    def __init__(self, app: Terminal, pilot: Pilot[None], wire: CannedWire) -> None:
        self.app = app
        self.pilot = pilot
        self.wire = wire

    @property
    def pane(self) -> TradePane:
        return self.app.screen_stack[0].query_one(TradePane)

    @property
    def form(self) -> TicketForm:
        return self.pane.query_one(TicketForm)

    @property
    def undo(self) -> UndoLine:
        return self.app.shell.query_one(UndoLine)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def asked(self, what: str) -> list[Any]:
        """Bodies of the requests."""
        return [body for asked, body, _ in self.wire.asked if asked == what]

    async def until(self, holds: Callable[[], object]) -> None:
        """Until it is so, and drawn."""
        await eventually(holds)
        await self.pilot.pause()

    def refusal(self, field: str) -> str:
        """What is said below a field; nothing while it is not shown."""
        shown = self.pane.query_one(f"#{field}-field .refusal", Static)
        return str(shown.content) if shown.display else ""

    def rows(self, table: str = "blotter") -> list[str]:
        found = self.pane.query_one(f"#{table}", Table)
        return [plain(row).strip() for row in found.rows(90, 20)[1:]]


@asynccontextmanager
async def trading(
    *orders: dict[str, Any], size: tuple[int, int] = (110, 32), answers: Mapping[str, Any] = NONE
) -> AsyncIterator[Trading]:
    """The trade screen with AAPL at 200.49 to 200.51, 100,000 USD and these orders; the ticket has the focus."""
    listed = {"items": list(orders), "next": None}
    lives = {f"GET /orders/{each['id']}": each | LIFE for each in orders}
    answering = wire()
    answering.answers |= {"GET /orders": listed, "POST /orders/preview": NOTHING_REFUSES, **lives, **answers}
    opened = await desk(answering)
    opened.state.apply("orders", whole=True, data=raw(listed))
    app = Terminal(Entry(DOOR), Settings("en"), opened)
    async with app.run_test(size=size) as pilot:
        made = Trading(app, pilot, answering)
        await made.press("t")
        yield made


async def test_a_ticket_keeps_the_keys_when_its_screen_is_shown_again() -> None:
    async with trading() as made:
        await made.app.show("trade")
        for _ in range(3):
            await made.pilot.pause()
        assert made.app.focused is made.form.query_one("#quantity")


async def test_the_ticket_begins_at_the_price_that_meets_the_other_side() -> None:
    async with trading() as on:
        assert on.form.draft.limit_price == "200.51"
        assert on.app.focused is on.form.query_one("#quantity")


async def test_cost_fee_and_what_stays_free_are_told_while_one_types() -> None:
    async with trading() as on:
        await on.press("1", "0", "0")
        sums = str(on.form.query_one("#sums", Static).content)
        assert "20,051.00" in sums
        assert "20.06" in sums
        assert "79,928.94" in sums


async def test_a_price_off_tick_or_outside_the_band_is_refused_at_its_field() -> None:
    async with trading() as on:
        await on.press("1", "tab", "5")
        assert on.refusal("limit_price") == "Goes in steps of 0.01."
        await on.press("backspace", "backspace", "backspace", "backspace", "backspace", "backspace", "backspace", "1")
        assert on.refusal("limit_price") == "From 180.00 to 220.00 only."
        assert on.refusal("quantity") == ""


async def test_more_than_is_free_is_told_at_the_quantity() -> None:
    async with trading() as on:
        await on.press("9", "9", "9")
        assert on.refusal("quantity") == "More than is free."


async def test_the_most_that_can_be_paid_is_filled_in_by_a() -> None:
    async with trading() as on:
        await on.press("a")
        assert on.form.draft.quantity == "498"


async def test_an_empty_field_is_refused_only_when_the_order_is_sent() -> None:
    async with trading() as on:
        assert on.refusal("quantity") == ""
        await on.press("enter")
        assert on.refusal("quantity") == "How many?"
        assert on.asked("POST /orders") == []


async def test_letters_are_keys_and_a_comma_is_a_point() -> None:
    async with trading() as on:
        await on.press("5", "s")
        assert on.form.draft.side == "sell"
        assert on.form.draft.quantity == "5"
        await on.press("comma", "2")
        assert on.form.draft.quantity == "5.2"


async def test_up_and_down_go_by_lot_and_tick() -> None:
    async with trading() as on:
        await on.press("5", "up", "up", "down", "tab", "up")
        assert (on.form.draft.quantity, on.form.draft.limit_price) == ("6", "200.52")
        on.form.amounts["limit_price"].value = "190.00"
        await on.press("down")
        assert on.form.draft.limit_price == "189.99"


async def test_the_platforms_own_refusal_is_shown_at_its_field() -> None:
    told = {
        **NOTHING_REFUSES,
        "refusals": [{"code": "notional_limit", "detail": "that is too much", "field": "quantity"}],
    }
    async with trading(answers={"POST /orders/preview": told}) as on:
        await on.press("5")
        await on.until(lambda: on.refusal("quantity") == "that is too much")
        assert "client_order_id" not in on.asked("POST /orders/preview")[-1]


async def test_an_order_is_sent_as_it_is_typed_and_stands_in_the_blotter() -> None:
    async with trading(answers={"POST /orders": order("new"), "GET /orders/new": order("new") | LIFE}) as on:
        await on.press("1", "0", "enter")
        await on.until(lambda: on.asked("POST /orders"))
        body = on.asked("POST /orders")[0]
        assert body.pop("client_order_id")
        wanted = {"symbol": "AAPL", "side": "buy", "type": "limit", "tif": "day"}
        assert body == wanted | {"quantity": "10", "limit_price": "200.51"}
        await on.until(lambda: on.pane.lists.table.has_focus)
        assert on.form.draft.quantity == ""
        assert "AAPL" in on.rows()[0]


async def test_enter_pressed_twice_is_one_order() -> None:
    async with trading(answers={"POST /orders": order("new")}) as on:
        await on.press("1", "enter", "enter")
        await on.until(lambda: on.form.draft.quantity == "")
        await on.press("enter")
        assert len(on.asked("POST /orders")) == 1


async def test_the_ticket_is_sent_by_a_click_too() -> None:
    async with trading(answers={"POST /orders": order("new")}) as on:
        await on.press("1")
        await on.pilot.click("#type")
        assert on.form.draft.type == "stop"
        await on.press("m")
        await on.pilot.click("#send")
        await on.until(lambda: on.asked("POST /orders"))


async def test_a_market_order_has_no_price() -> None:
    async with trading(answers={"POST /orders": order("new", type="market", limit_price=None)}) as on:
        await on.press("m", "1", "enter")
        await on.until(lambda: on.asked("POST /orders"))
        assert "limit_price" not in on.asked("POST /orders")[0]


async def test_a_refused_order_stays_in_the_ticket_with_why_at_its_field() -> None:
    async with trading(answers={"POST /orders": refusing(422, "insufficient_cash", "quantity")}) as on:
        await on.press("1", "0", "enter")
        await on.until(lambda: on.refusal("quantity"))
        assert on.refusal("quantity") == "More than is free."
        assert on.form.draft.quantity == "10"


@pytest.mark.parametrize(("answer", "sent"), [("y", 1), ("n", 0)])
async def test_a_large_order_is_sent_only_when_it_is_confirmed(answer: str, sent: int) -> None:
    async with trading(answers={"POST /orders": order("new")}) as on:
        await on.press("5", "0", "enter")
        assert isinstance(on.app.dialogue, Confirm)
        assert on.asked("POST /orders") == []
        await on.press(answer)
        await on.until(lambda: len(on.asked("POST /orders")) == sent)
        assert on.app.dialogue is None


async def test_c_cancels_the_order_under_the_cursor() -> None:
    async with trading(order("o1"), answers={"DELETE /orders/o1": order("o1", status="pending_cancel")}) as on:
        await on.press("escape", "c")
        await on.until(lambda: on.asked("DELETE /orders/o1"))


CANCELLED = {"DELETE /orders/o1": order("o1", status="pending_cancel")}


@pytest.mark.parametrize("field", ["side", "type", "quantity", "limit_price", "tif", "blotter", "details"])
async def test_c_cancels_it_wherever_the_focus_is(field: str) -> None:
    async with trading(order("o1"), answers=CANCELLED) as on:
        on.pane.query_one(f"#{field}").focus()
        await on.press("c")
        await on.until(lambda: on.asked("DELETE /orders/o1"))


@pytest.mark.parametrize(("key", "done"), [("c", "DELETE /orders/o1"), ("r", "GET /orders/o1")])
async def test_beside_another_screen_the_keys_of_orders_work_from_there_too(key: str, done: str) -> None:
    async with trading(order("o1"), answers=CANCELLED, size=(160, 40)) as on:
        await on.press("escape", "1", "v", "o")
        assert on.app.focused is on.app.panes[0]
        on.wire.asked.clear()
        await on.press(key)
        await on.until(lambda: on.asked(done))


async def test_where_no_order_is_shown_its_keys_do_nothing() -> None:
    async with trading(order("o1"), answers=CANCELLED) as on:
        await on.press("escape", "1", "c", "C", "r")
        assert not on.asked("DELETE /orders/o1")
        assert not on.undo.waiting


async def test_an_order_that_ended_is_not_cancelled() -> None:
    async with trading(order("o1", status="filled", filled_quantity="10")) as on:
        await on.press("escape", "c")
        assert on.asked("DELETE /orders/o1") == []


async def test_cancel_all_can_be_taken_back() -> None:
    async with trading(order("o1"), order("o2")) as on:
        await on.press("escape", "C")
        assert on.undo.waiting
        await on.press("u")
        await on.until(lambda: not on.undo.waiting)
        assert on.asked("DELETE /orders") == []


async def test_cancel_all_is_done_when_its_window_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradectl.tui.screens.trade.pane.WINDOW", 0.0)
    async with trading(order("o1"), answers={"DELETE /orders": {"items": [order("o1")]}}) as on:
        await on.press("escape", "C")
        await on.until(lambda: on.asked("DELETE /orders"))


async def test_a_replace_sends_only_what_has_changed() -> None:
    changed = order("o1", limit_price="200.10", status="pending_replace")
    async with trading(order("o1"), answers={"PATCH /orders/o1": changed}) as on:
        await on.press("escape", "r")
        await on.until(lambda: on.form.order is not None)
        assert on.form.query_one("#side").disabled
        on.form.query_one("#limit_price", Input).value = "200.10"
        await on.press("enter")
        await on.until(lambda: on.asked("PATCH /orders/o1"))
        assert on.asked("PATCH /orders/o1") == [{"limit_price": "200.10"}]
        await on.until(lambda: on.form.order is None)


async def test_a_replaced_orders_reservation_counts_as_free() -> None:
    async with trading(order("o1"), answers={"PATCH /orders/o1": order("o1")}) as on:
        await on.press("escape", "r")
        await on.until(lambda: on.form.order is not None)
        assert on.form.cost is not None
        assert str(on.form.cost.after) == "100000.00"


async def test_what_became_of_an_order_is_shown_with_its_fills_and_why() -> None:
    fill = {
        "id": "f1",
        "order_id": "o1",
        "symbol": "AAPL",
        "side": "buy",
        "price": "200.51",
        "quantity": "10",
        "cost": "2005.10",
        "fee": "2.01",
        "currency": "USD",
        "liquidity": "taker",
        "time": "2024-08-08T07:10:01Z",
        "reverses": None,
    }
    line = {"event": "placed", "status": "pending_new", "filled_quantity": "0", "reason": None}
    filled = order("o1", status="filled", filled_quantity="10")
    life = {**filled, **LIFE, "fills": [fill], "history": [{**line, "time": "2024-08-08T07:10:00Z"}]}
    explained = {**fill, "level": 1, "queue_ahead": None, "counterparty": "feed", "why": "deep"}
    answers = {"GET /orders/o1": life, "GET /orders/o1/explain": {"id": "o1", "fills": [explained]}}
    async with trading(filled, answers=answers) as on:
        await on.until(lambda: len(on.rows("details")) == 2)
        assert "placed" in on.rows("details")[0]
        assert "200.51" in on.rows("details")[1]
        await on.press("escape", "x")
        await on.until(lambda: "used up" in on.rows("details")[1])


async def test_the_filter_shows_open_orders_or_those_that_ended() -> None:
    async with trading(order("o1"), order("o2", status="cancelled", symbol="IBM", reason="requested")) as on:
        await on.press("escape")
        assert len(on.rows()) == 2
        await on.press("f")
        assert ["AAPL" in row for row in on.rows()] == [True]
        await on.press("f")
        assert ["IBM" in row for row in on.rows()] == [True]


@pytest.mark.parametrize("size", [(80, 24), (160, 48), (60, 24)])
async def test_the_send_button_is_in_sight_at_every_size(size: tuple[int, int]) -> None:
    async with trading(size=size) as on:
        send = on.form.query_one("#send")
        assert on.app.screen.find_widget(send).visible_region.height == 1
        assert on.pane.lists.table.region.height >= 3
