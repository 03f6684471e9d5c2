import time

from textual.widgets import Static

from tests.eventually import eventually
from tests.unit.tradectl.desk.test_outside import ENDPOINTS, answering
from tests.unit.tradectl.desk.wires import DOOR, desk, wire
from tradectl.desk.entry import Entry
from tradectl.desk.outside import Broken, FixLine
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.screens.system import faults, fix

SANDBOX = {**ENDPOINTS, "mail.http": "http://mail"}


async def test_the_clock_the_parts_and_the_faults_are_shown_and_the_clock_is_stopped() -> None:
    canned = wire()
    canned.answers |= answering().answers | {"PUT /clock": {"mode": "paused"}}
    app = Terminal(Entry(DOOR, endpoints=SANDBOX), Settings(), await desk(canned))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("6")
        await eventually(lambda: "runs ×1" in str(app.query_one("#clock", Static).render()))
        assert "fix.silent" in str(app.query_one("#faults", Static).render())
        assert "no session" in str(app.query_one("#parts", Static).render())
        await pilot.press("p")
        await eventually(lambda: ("PUT /clock", {"mode": "paused"}) in [asked[:2] for asked in canned.asked])


async def test_without_a_sandbox_it_says_so() -> None:
    app = Terminal(Entry(DOOR), Settings(), await desk())
    async with app.run_test() as pilot:
        await pilot.press("6")
        await pilot.pause()
        assert "no sandbox" in str(app.panes[0].query_one(Static).render())


def test_signs_of_life_are_left_out_of_the_messages() -> None:
    lines = [FixLine("s", 1, "8=FIX.4.4|35=0|"), FixLine("s", 2, "8=FIX.4.4|35=D|55=AAPL|54=1|38=10|")]
    assert "35=D  AAPL 1 10" in fix(lines).plain
    assert "35=0" not in fix(lines).plain


def test_a_fault_is_told_with_the_seconds_that_it_has_left() -> None:
    broken = Broken("f1", "fix.slow_ack", {"ms": 200}, int((time.time() + 9.4) * 1_000_000), "broker")
    assert "fix.slow_ack broker ms=200 9 s" in faults([broken]).plain
