"""Pilot tests of the portfolio screen; the wire is canned."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.eventually import eventually
from tests.unit.tradectl.desk.wires import DOOR, desk, quote, raw, wire
from tradectl.desk.entry import Entry
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.screens.portfolio import PortfolioPane
from tradectl.tui.screens.trade.form import TicketForm
from tradectl.tui.widgets.rows import plain
from tradectl.tui.widgets.table import Table

CASH = {"currency": "USD", "total": "98000.00", "reserved": "0.00", "free": "98000.00"}
HELD = {
    "symbol": "AAPL",
    "currency": "USD",
    "quantity": "10",
    "reserved": "0",
    "cost": "2000.00",
    "average_cost": "200.00",
    "realised": "12.50",
    "realised_fifo": "12.50",
    "market_value": "2005.00",
    "unrealised": "5.00",
    "day_change": "0.00",
}
POINTS = [{"time": f"2024-08-08T07:{n:02}:00Z", "equity": f"{100_000 + n}.00"} for n in range(10)]
PERFORMANCE = {"currency": "USD", "equity": "100009.00", "return_percent": "0.01", "drawdown_percent": "0.00"}
TRADE = {
    "fill_id": "f1",
    "order_id": "o1",
    "symbol": "AAPL",
    "side": "buy",
    "price": "200.00",
    "quantity": "10",
    "cost": "2000.00",
    "fee": "2.00",
    "currency": "USD",
    "liquidity": "taker",
    "realised": "0.00",
    "time": "2024-08-08T07:10:00Z",
    "reverses": None,
}
DEPOSIT = {
    "time": "2024-08-08T07:00:00Z",
    "kind": "deposit",
    "cause": "d1",
    "asset": "USD",
    "change": "100000.00",
    "balance": "100000.00",
}
ANSWERS: dict[str, Any] = {
    "GET /portfolio": {"cash": [CASH], "positions": [HELD]},
    "GET /portfolio/performance": {"period": "day", "items": [PERFORMANCE | {"curve": POINTS}]},
    "GET /portfolio/trades": {"items": [TRADE], "next": None},
    "GET /portfolio/statement": {"opening": [], "lines": [DEPOSIT], "closing": []},
}


@asynccontextmanager
async def looking() -> AsyncIterator[tuple[Terminal, Any]]:
    """At ten shares of AAPL, bought for 2,000 USD."""
    answering = wire()
    answering.answers |= ANSWERS
    opened = await desk(answering)
    await opened.load_portfolio()
    app = Terminal(Entry(DOOR), Settings("en"), opened)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        yield app, pilot


def pane(app: Terminal) -> PortfolioPane:
    return app.screen_stack[0].query_one(PortfolioPane)


def rows(table: Table) -> list[str]:
    return [plain(row) for row in table.rows(110, 20)[1:]]


async def test_positions_are_worth_what_the_market_says_last() -> None:
    async with looking() as (app, _):
        await eventually(lambda: "2,005.00" in rows(pane(app).positions)[0])
        app.desk.state.apply("quotes:AAPL", whole=False, data=raw(quote("AAPL", "210.00")))
        await eventually(lambda: "+100.00" in rows(pane(app).positions)[0])
        assert "100,100.00" in rows(pane(app).cash)[0]
        assert "+12.50" in rows(pane(app).cash)[0]


async def test_the_equity_has_a_curve() -> None:
    async with looking() as (app, pilot):
        await eventually(lambda: "USD day" in str(pane(app).curve.border_title))
        assert "07:0" in plain(pane(app).curve.rows(60, 10)[-1])
        await pilot.press("p")
        await eventually(lambda: "USD week" in str(pane(app).curve.border_title))


async def test_trades_and_the_statement_take_turns() -> None:
    async with looking() as (app, pilot):
        await eventually(lambda: "2,000.00" in rows(pane(app).done)[0])
        await pilot.press("f")
        await eventually(lambda: "deposit" in rows(pane(app).done)[0])


async def test_quotes_are_followed_of_what_is_held() -> None:
    async with looking() as (app, _):
        assert list(pane(app).channels()) == ["quotes:AAPL"]


async def test_s_opens_a_ticket_to_sell_what_is_held() -> None:
    async with looking() as (app, pilot):
        await eventually(lambda: pane(app).positions.chosen == "AAPL")
        await pilot.press("s")
        await eventually(lambda: app.shown == ["trade"])
        form = app.screen_stack[0].query_one(TicketForm)
        await eventually(lambda: (form.draft.symbol, form.draft.side) == ("AAPL", "sell"))
