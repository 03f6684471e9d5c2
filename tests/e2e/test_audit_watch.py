"""The audit that goes on by itself."""

import json
import signal

from tests.e2e.mutations import tables
from tests.e2e.tool import Tool
from tradectl.errors import ExitCode


def test_a_watch_ends_by_itself_and_each_cut_is_a_line(platform: Tool) -> None:
    platform.ok("smoke", "--json")
    lines = platform.ok("audit", "--watch", "--every", "0.2", "--for", "1", "--json").out.splitlines()
    cuts = [json.loads(line) for line in lines]
    assert len(cuts) >= 2
    assert [cut["cut"] for cut in cuts] == list(range(1, len(cuts) + 1))
    assert all(cut["clean"] for cut in cuts)
    assert cuts[-1]["counted"]["orders.fills"] > 0


def test_ctrl_c_is_the_usual_end_of_a_watch(platform: Tool) -> None:
    with platform.running("audit", "--watch", "--every", "0.2") as process:
        assert process.stdout is not None
        assert "cut 1: agrees" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == ExitCode.OK, err


def test_a_watch_of_what_is_settled_makes_no_sense(platform: Tool) -> None:
    assert platform.run("audit", "--watch", "--settled").code == ExitCode.USAGE


def test_a_difference_that_stays_ends_the_watch(platform: Tool) -> None:
    platform.ok("smoke", "--json")
    books = tables(platform.sandbox() / "data" / "portfolio.db", "portfolio")
    cash = next(table for table in books if table.name == "cash")
    row = cash.last()
    assert row is not None
    with cash.changed(row, "amount"):
        found = platform.run("audit", "--watch", "--every", "0.2")
    assert found.code == ExitCode.CHECK_FAILED
    assert "portfolio.cash.amount" in found.out
