from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Select, Static

from tests.eventually import eventually
from tests.unit.tradectl.desk.wires import DOOR, CannedWire, desk, refusing, wire
from tradectl.desk.entry import Entry
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.transfer import Transferring, assets


def answer(status: str) -> dict[str, Any]:
    return {"id": "t1", "asset": "USD", "amount": "250.00", "status": status}


@asynccontextmanager
async def asking(key: str, answers: dict[str, Any]) -> AsyncIterator[tuple[Terminal, Pilot[None], CannedWire]]:
    """The form that this key opens on the portfolio's screen."""
    answering = wire()
    listed: dict[str, Any] = {"items": [], "next": None}
    answering.answers |= {f"GET /portfolio/{each}": listed for each in ("trades", "performance")} | answers
    app = Terminal(Entry(DOOR), Settings(), await desk(answering))
    async with app.run_test(size=(110, 34)) as pilot:
        await pilot.press("3", key)
        await eventually(lambda: app.dialogue is not None and app.dialogue.has_focus_within)
        yield app, pilot, answering


@pytest.mark.parametrize(
    ("key", "kind", "status", "told"),
    [
        ("d", "deposits", "pending", "250.00 USD are on their way."),
        ("D", "withdrawals", "requested", "250.00 USD are being taken out."),
    ],
)
async def test_money_comes_in_and_goes_out(key: str, kind: str, status: str, told: str) -> None:
    async with asking(key, {f"POST /portfolio/{kind}": answer(status)}) as (app, pilot, answering):
        await pilot.press(*"250", "enter")
        await eventually(lambda: [each.message for each in app._notifications] == [told])
        asked = [(body, headers) for what, body, headers in answering.asked if what == f"POST /portfolio/{kind}"]
        assert [body for body, _ in asked] == [{"asset": "USD", "amount": "250"}]
        assert asked[0][1]["Idempotency-Key"]
        assert app.dialogue is None


async def test_a_refused_withdrawal_says_why_and_the_form_stays() -> None:
    refused = {"POST /portfolio/withdrawals": refusing(422, "insufficient_cash", "amount")}
    async with asking("D", refused) as (app, pilot, _):
        await pilot.press(*"999999", "enter")
        await eventually(lambda: "More than is free." in said(app))
        assert app.dialogue is not None


@pytest.mark.parametrize("typed", ["", "abc", "-5", "0", "nan"])
async def test_what_is_no_amount_is_not_sent(typed: str) -> None:
    async with asking("d", {}) as (app, pilot, answering):
        await pilot.press(*(("minus" if each == "-" else each) for each in typed), "enter")
        await eventually(lambda: "This is no amount." in said(app))
        assert not [what for what, _, _ in answering.asked if what.startswith("POST /portfolio")]


async def test_shares_of_what_is_looked_at_can_come_in_and_only_money_can_go_out() -> None:
    opened = await desk()
    assert [each for _, each in assets(opened.state, "in")] == ["USD", "USDT", "AAPL"]
    assert assets(opened.state, "out") == [("USD, free 100,000.00", "USD")]


async def test_another_asset_is_chosen_in_the_list() -> None:
    async with asking("d", {"POST /portfolio/deposits": answer("pending")}) as (app, pilot, answering):
        app.query_one(Transferring).query_one(Select).value = "AAPL"
        await pilot.press(*"10", "enter")
        await eventually(lambda: answering.asked[-1][1] == {"asset": "AAPL", "amount": "10"} or app.dialogue is None)
        posted = [body for what, body, _ in answering.asked if what == "POST /portfolio/deposits"]
        assert posted == [{"asset": "AAPL", "amount": "10"}]


def said(app: Terminal) -> str:
    return str(app.query_one("#transfer-said", Static).render())
