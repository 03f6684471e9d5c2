"""Short loads on a running platform: what they say, what they are held to, and that the books hold afterwards."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.tool import Result, Tool
from tradectl.errors import ExitCode
from tradectl.probes.metrics import samples

MOST_SERIES = 2_500
"""Of one part: histograms of its routes and events are the most of it."""
ID = re.compile(r"[0-9a-f]{16}|[0-9a-z]{24}|@")
LOAD = ("--users", "8", "--rate", "16", "--duration", "6")


def judged(result: Result, otherwise: ExitCode = ExitCode.OK) -> dict[str, Any]:
    """The run; a machine that is busy with other tests may saturate the generator, which has to say so."""
    found: dict[str, Any] = result.json
    assert result.code == (ExitCode.SATURATED if found["saturated"] else otherwise), result.err
    return found


@pytest.fixture(scope="module")
def loaded(platform: Tool, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """One mixed load, and its page. A machine that is busy with other tests may make services answer late: with 504."""
    page = tmp_path_factory.mktemp("load") / "load.html"
    options = ("--threshold", "unexpected<=0%", "--threshold", "p50(*)<5s", "--html", str(page), "--json")
    return judged(platform.run("load", "run", "mixed", *LOAD, *options)), page.read_text(encoding="utf-8")


def test_a_load_is_measured_and_the_books_hold_afterwards(loaded: tuple[dict[str, Any], str]) -> None:
    run, _ = loaded
    assert run["requests"]["*"]["count"] == pytest.approx(96, rel=0.4)
    assert {"order", "stream", "quotes"} <= set(run["requests"])
    assert [verdict["holds"] for verdict in run["verdicts"]] == [True, True]
    assert run["audit"]["clean"] is True
    assert run["audit"]["fills"] > 0


def test_no_page_of_metrics_grows_with_the_load(platform: Tool, loaded: tuple[dict[str, Any], str]) -> None:
    pages = {name: samples(f"http://127.0.0.1:{port}") for name, port in platform.ports().items() if ".http" in name}
    assert {name: len(page) for name, page in pages.items() if len(page) > MOST_SERIES} == {}
    values = {value for page in pages.values() for sample in page for value in sample.labels.values()}
    assert [value for value in values if ID.search(value)] == []


def test_the_page_shows_it_without_anything_from_outside(loaded: tuple[dict[str, Any], str]) -> None:
    _, page = loaded
    assert page.count("<svg") >= 6
    assert "https:" not in page
    assert "kept its schedule" in page or "saturated" in page


def test_a_run_is_kept_shown_again_and_the_same_as_itself(platform: Tool, loaded: tuple[dict[str, Any], str]) -> None:
    run, _ = loaded
    assert run["id"] in platform.ok("load", "report", "--list", "--json").json["items"]
    assert platform.ok("load", "report", run["id"], "--json").json["requests"] == run["requests"]
    compared = platform.ok("load", "report", "--compare", run["id"], run["id"], "--json").json
    assert {change["verdict"] for change in compared["changes"]} == {"the same"}


def test_a_threshold_that_does_not_hold_ends_the_run_early_and_fails_it(platform: Tool) -> None:
    asked = ("--users", "4", "--rate", "10", "--duration", "60", "--threshold", "p50(*)<1us", "--abort-on-fail")
    run = judged(platform.run("load", "run", "lurker", *asked, "--json"), ExitCode.CHECK_FAILED)
    assert "p50(*)<1us" in run["aborted"]
    assert run["verdicts"][0]["holds"] is False


def test_the_capacity_is_the_highest_rate_that_holds(platform: Tool, tmp_path: Path) -> None:
    page = tmp_path / "capacity.html"
    options = ("--from", "5", "--to", "10", "--duration", "3", "--users", "4", "--threshold", "p50(*)<9s")
    result = platform.run("load", "capacity", "lurker", *options, "--html", str(page), "--json")
    found = result.json
    assert found["audit"]["clean"] is True
    assert found["tries"][0]["rate"] == 5
    assert found["capacity"] == max((each["rate"] for each in found["tries"] if each["holds"]), default=0)
    assert "<svg" in page.read_text(encoding="utf-8")


def test_what_cannot_be_done_is_said_before_anything_is_done(platform: Tool, tool: Tool) -> None:
    assert platform.run("load", "run", "nothing").code == ExitCode.NOT_FOUND
    assert platform.run("load", "run", "mixed", "--threshold", "p99<5").code == ExitCode.USAGE
    assert platform.run("load", "run", "mixed", "--shape", "square").code == ExitCode.USAGE
    assert platform.run("load", "report", "nothing").code == ExitCode.NOT_FOUND
    assert tool.run("load", "run", "mixed").code == ExitCode.NOT_UP


def test_every_scenario_is_listed_with_its_intent(platform: Tool) -> None:
    items = platform.ok("load", "list", "--json").json["items"]
    assert {"trader", "market_maker", "lurker", "mixed"} <= {each["name"] for each in items}
    assert all(each["intent"] for each in items)


def test_gevent_stays_in_the_generators_process() -> None:
    program = "import sys, tradectl.cli.load; print(*({'gevent', 'locust', 'faker'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
