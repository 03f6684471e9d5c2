"""The tour says what happens, its agent trades and takes back what rests, and it can be left at any time."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.eventually import eventually
from tests.unit.tradectl.desk.wires import DOOR, CannedWire, desk, order, quote, raw, wire
from tradectl.desk.entry import Entry
from tradectl.tui import tour
from tradectl.tui.app import Settings
from tradectl.tui.tour import Callout, Tour

FILL = {
    "id": "f1",
    "order_id": "bought",
    "symbol": "BTCUSDT",
    "side": "buy",
    "price": "200.51",
    "quantity": "4",
    "cost": "802.04",
    "fee": "0.81",
    "currency": "USDT",
    "liquidity": "taker",
    "time": "2024-08-08T07:10:01Z",
}


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Callouts stay until space is pressed."""
    monkeypatch.setattr(tour, "READING", 60.0)
    monkeypatch.setattr(tour, "GLANCE", 60.0)


def placed(body: dict[str, str]) -> dict[str, object]:
    kind = {"market": "bought", "limit": "rests"}[body["type"]]
    return order(kind, symbol=body["symbol"], type=body["type"], quantity=body["quantity"])


def platform() -> CannedWire:
    answering = wire()
    answering.answers |= {"POST /orders": placed, "DELETE /orders/rests": order("rests", status="cancelled")}
    return answering


async def guided(answering: CannedWire, language: str = "en") -> Tour:
    at = await desk(answering)
    at.state.apply("quotes:BTCUSDT", whole=True, data=raw(quote("BTCUSDT")))
    return Tour(Entry(DOOR), Settings(language), at)


async def says(app: Tour, words: str) -> None:
    """Until the callout has these words."""

    def said() -> bool:
        found = app.screen_stack[0].query("#callout-text")
        return bool(found) and words in str(found.first(Static).content)

    await eventually(said)


async def on(pilot: Pilot[None], app: Tour, words: str) -> None:
    await pilot.press("space")
    await says(app, words)


async def test_the_agent_buys_its_fill_is_told_and_what_rests_is_cancelled() -> None:
    answering = platform()
    app = await guided(answering)
    async with app.run_test(size=(120, 40)) as pilot:
        await says(app, "This is a market")
        await on(pilot, app, "buy 4 BTCUSDT at the market")
        app.desk.state.apply(
            "orders", whole=False, data=raw({"event": "order_filled", "order": order("bought"), "fill": FILL})
        )
        await on(pilot, app, "4 BTCUSDT at 200.51, fee 0.81 USDT")
        await on(pilot, app, "A limit order waits")
        assert app.shown == ["trade"]
        assert [body["type"] for what, body, _ in answering.asked if what == "POST /orders"] == ["market", "limit"]
        await on(pilot, app, "The portfolio has")
        assert [what for what, _, _ in answering.asked].count("DELETE /orders/rests") == 1


async def test_escape_ends_the_tour_and_the_terminal_stays() -> None:
    app = await guided(platform())
    async with app.run_test(size=(120, 40)) as pilot:
        await says(app, "This is a market")
        await pilot.press("escape")
        await eventually(lambda: not app.screen_stack[0].query(Callout))
        await pilot.press("3")
        await pilot.pause()
        assert app.shown == ["portfolio"]


async def test_who_quits_leaves_no_order_behind() -> None:
    answering = platform()
    app = await guided(answering)
    async with app.run_test(size=(120, 40)) as pilot:
        await says(app, "This is a market")
        app.desk.state.apply(
            "orders", whole=False, data=raw({"event": "order_filled", "order": order("bought"), "fill": FILL})
        )
        for words in ("An agent trades", "Filled at", "A limit order"):
            await on(pilot, app, words)
        await pilot.press("q")
    assert [what for what, _, _ in answering.asked].count("DELETE /orders/rests") == 1


async def test_a_refusal_is_told_and_the_tour_goes_on() -> None:
    answering = platform()
    del answering.answers["POST /orders"]
    app = await guided(answering, "ru")
    async with app.run_test(size=(80, 24)) as pilot:
        await says(app, "Это рынок")
        await on(pilot, app, "Агенту отказано: nothing here")
        await on(pilot, app, "Заявка ждёт")
