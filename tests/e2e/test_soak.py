"""One minute of `make soak`, at a rate that any machine bears."""

import json

import pytest

from tests.e2e.tool import Tool
from tradectl.errors import ExitCode


@pytest.mark.night
@pytest.mark.timeout(240)
def test_a_minute_at_a_modest_rate_leaves_no_error_and_no_growing_memory(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    asked = ("--users", "10", "--rate", "10", "--duration", "60", "--shape", "soak")
    with tool.running("load", "run", "mixed", *asked, "--json") as process:
        out, err = process.communicate(timeout=200)
    assert process.returncode in (ExitCode.OK, ExitCode.SATURATED), out + err
    run = json.loads(out)
    assert {verdict["threshold"]: verdict["holds"] for verdict in run["verdicts"]} == {
        "memory<2%": True,
        "errors<=0%": True,
    }, out
    assert run["audit"]["clean"] is True
