"""Pilot tests of the ideas screen; the wire is canned."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.eventually import eventually
from tests.unit.tradectl.desk.wires import DOOR, CannedWire, desk, raw, wire
from tradectl.desk.entry import Entry
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.screens.ideas import IdeasPane
from tradectl.tui.widgets.rows import plain

SIGNAL = {
    "id": "s1",
    "symbol": "IBM",
    "strategy": "macd",
    "side": "buy",
    "strength": 70,
    "horizon": "1h",
    "reason": {"en": "MACD has crossed its signal line.", "ru": "MACD пересёк сигнальную линию."},
    "numbers": {"macd": "0.12"},
    "record": {"signals": "5", "right": "3", "hit_rate": "60%"},
    "bar_start": "2024-08-08T07:05:00Z",
    "historical": False,
}
LEG = {"time": "2024-08-08T07:00:00Z", "price": "190.00", "cost": "100.00", "fee": "0.10"}
BACKTEST = {
    "symbol": "IBM",
    "strategy": "macd",
    "interval": "5m",
    "bars": 100,
    "signals": 2,
    "currency": "USD",
    "capital": "100000.00",
    "equity": "101000.00",
    "profit_percent": "1.00",
    "hold_percent": "0.50",
    "drawdown_percent": "0.20",
    "hit_rate_percent": None,
    "trades": [{"quantity": "1", "bought": LEG, "sold": None, "profit": None}],
    "curve": [{"time": f"2024-08-08T07:{n:02}:00Z", "equity": f"{100_000 + n}.00"} for n in range(10)],
}
ADVICE = {
    "kind": "idle_cash",
    "weight": 90,
    "symbol": None,
    "currency": "USD",
    "side": None,
    "because": None,
    "text": {"en": "More than half of it is idle.", "ru": "Больше половины не работает."},
    "numbers": {},
    "signals": [],
}


@asynccontextmanager
async def looking(language: str = "en") -> AsyncIterator[tuple[Terminal, Any, CannedWire]]:
    """At one signal on IBM."""
    answering = wire()
    answering.answers |= {"POST /analytics/backtest": BACKTEST, "GET /recommendations": {"items": [ADVICE]}}
    opened = await desk(answering)
    opened.state.apply("signals", whole=True, data=raw({"items": [SIGNAL], "next": None}))
    app = Terminal(Entry(DOOR), Settings(language), opened)
    async with app.run_test(size=(110, 34)) as pilot:
        await pilot.press("4")
        await pilot.pause()
        yield app, pilot, answering


def pane(app: Terminal) -> IdeasPane:
    return app.screen_stack[0].query_one(IdeasPane)


def listed(app: Terminal) -> str:
    return plain(pane(app).table.rows(100, 10)[1])


async def test_a_signal_is_shown_with_its_reason() -> None:
    async with looking() as (app, _, _):
        await eventually(lambda: "IBM" in listed(app))
        assert "3/5" in listed(app)
        assert "crossed" in str(pane(app).why.content)


async def test_a_reason_is_told_in_the_readers_language() -> None:
    async with looking("ru") as (app, _, _):
        await eventually(lambda: "пересёк" in str(pane(app).why.content))


async def test_a_signals_strategy_is_tried_on_its_symbol() -> None:
    async with looking() as (app, pilot, answering):
        await eventually(lambda: "IBM" in listed(app))
        await pilot.press("x")
        await eventually(lambda: "+1.00 %" in str(pane(app).outcome.content))
        body = [body for asked, body, _ in answering.asked if asked == "POST /analytics/backtest"][-1]
        assert body == {
            "symbol": "IBM",
            "strategy": "macd",
            "from": "2024-08-01T07:10:00Z",
            "to": "2024-08-08T07:15:00Z",
        }


async def test_the_next_strategy_is_tried_at_once() -> None:
    async with looking() as (app, pilot, answering):
        await eventually(lambda: "IBM" in listed(app))
        await pilot.press("n")
        await eventually(lambda: [body for asked, body, _ in answering.asked if asked == "POST /analytics/backtest"])
        assert answering.asked[-1][1]["strategy"] == "bollinger"


async def test_what_there_is_for_the_trader_is_a_list_of_its_own() -> None:
    async with looking() as (app, pilot, _):
        await pilot.press("f")
        await eventually(lambda: "idle" in listed(app))


async def test_b_opens_a_ticket_for_the_signal() -> None:
    async with looking() as (app, pilot, _):
        await eventually(lambda: "IBM" in listed(app))
        await pilot.press("b")
        await eventually(lambda: app.shown == ["trade"] and app.desk.state.symbol == "IBM")
