"""The verbs that look at a running platform."""

import json
import subprocess

from tests.e2e.tool import TRADECTL, Tool
from tradectl.errors import ExitCode
from tradectl.stack.topology import PARTS


def test_ps_draws_a_table_without_colours_where_nobody_looks(platform: Tool) -> None:
    out = platform.ok("ps").out
    assert all(part in out for part in PARTS)
    assert "\x1b[" not in out


def test_logs_are_merged_by_time_as_json_lines(platform: Tool) -> None:
    platform.ok("smoke", "--json")
    lines = [json.loads(line) for line in platform.ok("logs", "--json").out.splitlines()]
    times = [line["time"] for line in lines]
    assert times == sorted(times)
    assert len({line["service"] for line in lines}) > 1


def test_logs_of_an_unknown_service_name_the_known_ones(platform: Tool) -> None:
    result = platform.run("logs", "nothing")
    assert result.code == ExitCode.NOT_FOUND
    assert "orders" in result.err


def test_logs_can_be_followed(platform: Tool) -> None:
    process = platform.start("logs", "--follow", "--json", "bff")
    assert process.stdout is not None
    platform.ok("smoke", "--json")
    assert json.loads(process.stdout.readline())["service"] == "bff"
    process.terminate()
    process.communicate(timeout=10)


def test_describe_shows_manifest_and_state(platform: Tool) -> None:
    found = platform.ok("describe", "orders", "--json").json
    assert found["state"] == "ready"
    assert "order_filled" in found["publishes"]
    assert found["endpoints"]["orders.http"].startswith("http://127.0.0.1:")


def test_wait_for_a_quote_returns_at_once_when_there_is_one(platform: Tool) -> None:
    assert platform.ok("wait", "--for", "quote", "--timeout", "10", "--json").json["found"]["symbol"]


def test_wait_on_a_sandbox_that_is_not_up_says_so(platform: Tool) -> None:
    assert platform.run("wait", "--name", "other").code == ExitCode.NOT_UP


def test_doctor_finds_nothing_wrong(platform: Tool) -> None:
    assert platform.ok("doctor", "--json").json["ok"] is True


def test_the_feed_of_every_market_is_shown(platform: Tool) -> None:
    symbols = {symbol for row in platform.ok("feed", "--json").json["items"] for symbol in json.dumps(row).split('"')}
    assert {"AAPL", "SBER", "BTCUSDT"} <= symbols


def test_the_clock_is_shown_paused_and_set(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    assert tool.ok("clock", "show", "--json").json["mode"] == "running"
    assert tool.ok("clock", "pause", "--json").json["mode"] == "paused"
    assert tool.ok("clock", "live", "--json").json["mode"] == "running"
    assert tool.ok("clock", "speed", "10", "--json").json["speed"] == 10
    assert tool.run("clock", "speed", "0").code == ExitCode.USAGE


def test_mail_is_listed_and_shown(platform: Tool) -> None:
    platform.ok("smoke", "--json")
    items = platform.ok("mail", "list", "--json").json["items"]
    assert items
    shown = platform.ok("mail", "show", str(items[0]["id"]))
    assert items[0]["subject"] in shown.out
    assert platform.run("mail", "show", "999999").code == ExitCode.NOT_FOUND


def test_every_verb_that_needs_a_platform_says_that_none_is_up(tool: Tool) -> None:
    for verb in (["mail", "list"], ["push", "list"], ["feed"], ["clock", "show"], ["smoke"], ["audit"]):
        result = tool.run(*verb)
        assert result.code == ExitCode.NOT_UP, verb
        assert "tradectl up" in result.err


def test_a_reader_that_has_seen_enough_is_no_error(platform: Tool) -> None:
    with subprocess.Popen(
        [str(TRADECTL), "logs", "--json"],
        env=platform.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()


def test_ps_shows_everything_down_in_a_sandbox_whose_first_start_failed(tool: Tool) -> None:
    (tool.sandbox() / "logs").mkdir(parents=True)
    shown = tool.run("ps", "--json")
    assert {part["state"] for part in shown.json["parts"]} == {"down"}, shown.err
