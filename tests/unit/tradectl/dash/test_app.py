"""The developer's terminal over a sandbox that is always the same."""

from textual.pilot import Pilot
from textual.widgets import DataTable, Input, RichLog, Static, TabbedContent

from tests.eventually import eventually
from tests.unit.tradectl.dash.canned import ORDER, Canned
from tests.unit.tradectl.dash.showing import showing
from tradectl.dash.app import PANES, tab
from tradectl.errors import TradectlError


def rows(pilot: Pilot[None], table: str) -> list[list[str]]:
    found = pilot.app.query_one(f"#{table}", DataTable)
    return [[str(cell) for cell in found.get_row_at(row)] for row in range(found.row_count)]


def text(pilot: Pilot[None], id: str) -> str:
    return str(pilot.app.query_one(f"#{id}", Static).render())


async def test_each_number_shows_its_tab() -> None:
    async with showing(Canned()) as pilot:
        for number, name in enumerate(PANES, 1):
            await pilot.press(str(number))
            await pilot.pause()
            assert pilot.app.query_one(TabbedContent).active == tab(name)


async def test_resources_have_state_health_restarts_cost_endpoints_and_version() -> None:
    async with showing(Canned()) as pilot:
        assert rows(pilot, "resources") == [
            ["host", "running", "2", "12", "203", "well", "", "1.0", "process"],
            ["orders", "degraded", "", "", "", "fix: lost", "h:1", "1.0", "service"],
            ["chat", "stopped", "0", "", "", "well", "", "1.0", "service"],
        ]


async def test_a_restart_is_asked_again_and_a_start_is_not() -> None:
    facts = Canned()
    async with showing(facts) as pilot:
        await pilot.press("r", "n")
        await pilot.press("r", "y")
        await eventually(lambda: facts.done == [("restart", "host")])
        await pilot.press("down", "down", "s")
        await eventually(lambda: facts.done[1:] == [("start", "chat")])


async def test_a_part_that_shares_its_process_is_not_offered_to_be_steered_and_it_is_said_why() -> None:
    facts = Canned()
    async with showing(facts) as pilot:
        await pilot.press("down", "x", "r", "s")
        assert len(pilot.app.screen_stack) == 1
        assert "one process, host, holds all parts" in text(pilot, "chosen")
        assert facts.done == []


async def test_who_stops_a_process_is_told_what_ends_with_it() -> None:
    async with showing(Canned()) as pilot:
        await pilot.press("x")
        asked = [str(each.render()) for each in pilot.app.screen.query(Static)]
        assert asked[:2] == ["Stop host?", "All these end with it: orders, portfolio."]


async def test_what_rests_is_started_and_not_stopped_again() -> None:
    facts = Canned()
    async with showing(facts) as pilot:
        await pilot.press("down", "down", "x", "r")
        assert len(pilot.app.screen_stack) == 1
        await pilot.press("s")
        await eventually(lambda: facts.done == [("start", "chat")])


async def test_what_cannot_be_done_is_said_with_the_next_step() -> None:
    facts = Canned()
    facts.refuses = TradectlError("orders shares its process with others", "take another backend")
    async with showing(facts) as pilot:
        await pilot.press("x", "y")
        message = await eventually(lambda: [each.message for each in pilot.app._notifications])
        assert message == ["orders shares its process with others · take another backend"]


async def test_logs_are_filtered_and_searched_by_one_line() -> None:
    async with showing(Canned(), "logs") as pilot:
        log = pilot.app.query_one("#lines", RichLog)
        assert len(log.lines) == 5
        await pilot.press("slash", *"a.csv")
        await eventually(lambda: len(log.lines) == 1)
        assert "feed_broken" in log.lines[0].text


async def test_from_a_part_one_gets_to_its_logs() -> None:
    async with showing(Canned()) as pilot:
        await pilot.press("down", "l")
        log = pilot.app.query_one("#lines", RichLog)
        await eventually(lambda: len(log.lines) == 3)
        assert pilot.app.query_one("#wish", Input).value == "orders"


async def test_a_trace_is_a_waterfall_and_leads_to_its_order() -> None:
    async with showing(Canned(), "traces") as pilot:
        await eventually(lambda: "POST /api/v1/orders" in text(pilot, "waterfall"))
        assert "█" in text(pilot, "waterfall")
        await pilot.press("o")
        await eventually(lambda: f"order {ORDER}" in text(pilot, "life"))
        assert pilot.app.query_one(TabbedContent).active == tab("order")


async def test_a_metric_is_a_curve_and_under_the_cursor_a_plot() -> None:
    async with showing(Canned(), "metrics") as pilot:
        part, name, now, spark, *rest = rows(pilot, "measures")[0]
        assert (part, name, now, spark) == ("orders", "order_fill_seconds p99", "20 ms", "▂█▄")
        assert rest == ["10 ms", "50 ms"]
        assert "least 10 ms   most 50 ms   now 20 ms" in text(pilot, "plot")


async def test_a_dead_letter_is_put_back() -> None:
    facts = Canned()
    async with showing(facts, "queues") as pilot:
        assert [row[:3] for row in rows(pilot, "queues")] == [["portfolio", "dead", "1"], ["portfolio", "queued", "0"]]
        await pilot.press("R")
        await eventually(lambda: facts.done == [("replay", "portfolio", 7)])


async def test_fix_sessions_are_shown_from_both_sides_with_their_messages() -> None:
    async with showing(Canned(), "fix") as pilot:
        assert rows(pilot, "sessions") == [["orders", "BROKER", "8", "12", "ok"], ["broker", "ORDERS", "12", "8", ""]]
        assert rows(pilot, "messages")[0][:4] == ["07:10:00.501", "orders", "3", "NewOrderSingle"]


async def test_market_time_is_stopped_and_made_faster() -> None:
    facts = Canned()
    async with showing(facts, "world") as pilot:
        await pilot.press("space")
        await eventually(lambda: facts.done == [("clock", {"mode": "paused"})])
        await pilot.press("plus")
        await eventually(lambda: facts.done[1:] == [("clock", {"speed": 2.0})])


async def test_a_fault_is_typed_and_ended() -> None:
    facts = Canned()
    async with showing(facts, "world") as pilot:
        pilot.app.query_one("#fault", Input).value = "provider.latency ms=300 for=10s"
        await pilot.press("a", "enter")
        await eventually(lambda: facts.done == [("begin", "provider.latency", {"ms": 300.0}, 10.0)])
        await pilot.press("escape", "d")
        await eventually(lambda: facts.done[1:] == [("end", "f1")])


async def test_an_order_that_nobody_knows_is_said_to_be_none() -> None:
    async with showing(Canned(), "order") as pilot:
        assert rows(pilot, "orders")[0][0] == ORDER
        await pilot.press("slash", "x", "enter")
        trouble = pilot.app.query("OrderPane .trouble").last(Static)
        await eventually(lambda: "nothing tells of an order x" in str(trouble.render()))
