"""The trade screen against a running platform: sign in, buy, see the fill, change an order, cancel it, cancel all."""

import asyncio
from decimal import Decimal

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.e2e.test_tui_shell import entry, live
from tests.e2e.tool import Tool
from tests.eventually import eventually
from tradectl.desk.account import Order
from tradectl.desk.entry import demo_account
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.screens.ideas import IdeasPane
from tradectl.tui.screens.portfolio import PortfolioPane
from tradectl.tui.screens.trade import TradePane
from tradectl.tui.signin import SignIn
from tradectl.tui.widgets.rows import plain
from tradectl.tui.widgets.table import Table


def rows(table: Table) -> list[str]:
    """What a table shows."""
    return [plain(row) for row in table.rows(140, 30)[1:]]


def trade_pane(app: Terminal) -> TradePane:
    return app.screen_stack[0].query_one(TradePane)


def newest(app: Terminal) -> Order:
    return max(app.desk.state.orders.values(), key=lambda order: order.id)


async def typed(pilot: Pilot[None], text: str) -> None:
    """As at a keyboard."""
    await pilot.press(*("full_stop" if char == "." else char for char in text))


async def signed_in(pilot: Pilot[None], email: str, password: str) -> None:
    """Through the sign-in screen."""
    app = pilot.app
    assert isinstance(app, Terminal)
    await eventually(lambda: isinstance(app.screen, SignIn) and app.screen.query("#password"))
    app.screen.query_one("#email", Input).value = email
    app.screen.query_one("#password", Input).value = password
    app.screen.query_one("#password").focus()
    await pilot.press("enter")
    await eventually(lambda: live(app))


async def test_a_trader_buys_sees_the_fill_changes_an_order_and_cancels(platform: Tool) -> None:
    await _trades(platform)


@pytest.mark.night
async def test_a_trader_does_the_same_on_containers(processes: Tool) -> None:
    await _trades(processes)


async def _trades(sandbox: Tool) -> None:
    door = entry(sandbox)
    email, password = await asyncio.to_thread(demo_account, door, "en")
    app = Terminal(door, Settings())
    async with app.run_test(size=(130, 36)) as pilot:
        await signed_in(pilot, email, password)
        app.desk.look_at("AAPL")
        await _buys_at_the_market(app, pilot)
        await _is_told_why(app, pilot)
        order_id = await _rests(app, pilot)
        await _changes(app, pilot, order_id)
        await pilot.press("c")
        await eventually(lambda: app.desk.state.orders[order_id].status == "cancelled")
        await _cancels_all(app, pilot)
        await _looks_at_the_portfolio(app, pilot)
        await _tries_an_idea(app, pilot)


async def _buys_at_the_market(app: Terminal, pilot: Pilot[None]) -> None:
    await pilot.press("t", "m")
    await typed(pilot, "5")
    await pilot.press("enter")
    await eventually(lambda: newest(app).status == "filled")
    await eventually(lambda: any("5/5" in row and "filled" in row for row in rows(trade_pane(app).lists.table)))


async def _is_told_why(app: Terminal, pilot: Pilot[None]) -> None:
    pane = trade_pane(app)
    await eventually(lambda: any("fill" in row for row in rows(pane.lists.details)))
    await pilot.press("x")
    await eventually(
        lambda: any("best price of the book" in row or "used up" in row for row in rows(pane.lists.details))
    )


async def _rests(app: Terminal, pilot: Pilot[None]) -> str:
    """A buy well below the market, whose quantity is refused until it is a whole one."""
    pane, instrument = trade_pane(app), app.desk.state.instruments["AAPL"]
    assert instrument.price_band is not None
    await pilot.press("t")
    await typed(pilot, "2.5")
    field = pane.query_one("#quantity-field")
    await eventually(lambda: field.has_class("-refused"))
    await pilot.press("backspace", "backspace")
    await eventually(lambda: not field.has_class("-refused"))
    pane.form.amounts["limit_price"].value = f"{instrument.price_band.low:f}"
    before = newest(app).id
    await pilot.press("enter")
    await eventually(lambda: newest(app).id != before and newest(app).status == "new")
    order_id = newest(app).id
    await eventually(lambda: pane.lists.table.has_focus and pane.lists.table.chosen == order_id)
    return order_id


async def _changes(app: Terminal, pilot: Pilot[None], order_id: str) -> None:
    pane, tick = trade_pane(app), app.desk.state.instruments["AAPL"].tick
    price = app.desk.state.orders[order_id].limit_price
    assert price is not None
    await pilot.press("r")
    await eventually(lambda: pane.form.order is not None and pane.form.amounts["limit_price"].has_focus)
    await pilot.press("up", "enter")
    await eventually(lambda: app.desk.state.orders[order_id].limit_price == price + tick)
    await eventually(lambda: app.desk.state.orders[order_id].status == "new" and pane.form.order is None)


async def _cancels_all(app: Terminal, pilot: Pilot[None]) -> None:
    """Undone the first time; done the second."""
    order_id = await _rests(app, pilot)
    await pilot.press("C")
    await pilot.press("u")
    assert app.desk.state.orders[order_id].open
    await pilot.press("C")
    await eventually(lambda: app.desk.state.orders[order_id].status == "cancelled")


async def _looks_at_the_portfolio(app: Terminal, pilot: Pilot[None]) -> None:
    await pilot.press("3")
    pane = app.screen_stack[0].query_one(PortfolioPane)
    await eventually(lambda: any("AAPL" in row for row in rows(pane.positions)))
    await eventually(lambda: any("AAPL" in row for row in rows(pane.done)))
    await eventually(lambda: "USD day" in str(pane.curve.border_title))
    free = next(each.free for each in app.desk.state.portfolio.cash if each.currency == "USD")
    assert free < Decimal(100_000)
    await pilot.press("f")
    await eventually(lambda: any("deposit" in row for row in rows(pane.done)))


async def _tries_an_idea(app: Terminal, pilot: Pilot[None]) -> None:
    await pilot.press("4")
    pane = app.screen_stack[0].query_one(IdeasPane)
    await eventually(lambda: app.desk.state.signals and pane.table.chosen is not None)
    await pilot.press("x")
    await eventually(lambda: "Profit" in str(pane.outcome.content))
