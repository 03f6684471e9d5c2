"""Scenarios against a BFF elsewhere: all that is known of it is its URL, and its mail gateway's."""

import secrets
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.e2e.tool import Tool
from tradectl.errors import ExitCode
from tradectl.trader.client import Client
from tradectl.trader.trader import Trader

STANDARD = ROOT / "scenarios"
ABLE = (
    "fills/market-buy.yaml",
    "money/weighted-average.yaml",
    "chat/messages.yaml",
    "market/prices-by-the-socket.yaml",
)
LOCAL = ("telemetry", "fills/filled-bit-by-bit.yaml")
KNOWN = """\
scenario: A user who was there before has what his steps brought about, on top of what he had.
actors:
  ann: {email: "${env.ANN}", password: "${env.ANN_PASSWORD}", deposit: {USD: 100}}
steps:
  - place: {symbol: AAPL, side: sell, quantity: 1, status: filled}
  - expect: {position: AAPL, is: {quantity: SHARES}}
  - expect: {books: ann}
"""


@pytest.fixture
def door(platform: Tool) -> str:
    """The BFF of a platform that another home knows nothing of."""
    return f"http://127.0.0.1:{platform.ports()['bff.http']}"


@pytest.fixture
def gateway(platform: Tool) -> str:
    return f"http://127.0.0.1:{platform.ports()['mail.http']}"


def test_the_standard_set_holds_elsewhere_but_for_what_needs_the_machine(tool: Tool, door: str, gateway: str) -> None:
    files = [str(STANDARD / each) for each in (*ABLE, *LOCAL)]
    result = tool.run("scenario", "run", *files, "--target", door, "--mail", gateway, "--skip-local", "--json")
    assert result.code == ExitCode.OK, result.out
    statuses = {each["name"]: each["status"] for each in result.json["outcomes"]}
    assert {statuses[each.removesuffix(".yaml")] for each in ABLE} == {"held"}
    assert "skipped" in statuses.values()
    assert not (tool.home / "sandboxes").exists()


def test_what_needs_a_code_or_the_machine_is_refused_before_anything_is_done(tool: Tool, door: str) -> None:
    result = tool.run("scenario", "run", str(STANDARD / ABLE[0]), str(STANDARD / "telemetry"), "--target", door)
    assert result.code == ExitCode.USAGE
    assert "code comes by mail" in result.err
    assert "metric is seen on the sandbox's own machine alone" in result.err
    assert "--mail URL" in result.err


def test_a_user_who_was_there_is_held_to_what_he_had(tool: Tool, door: str, gateway: str, tmp_path: Path) -> None:
    email = f"{secrets.token_hex(5)}@example.com"
    ann = Trader(Client(door), gateway, email)
    ann.enter()
    ann.deposit("AAPL", "5")
    file = tmp_path / "known.yaml"
    known = {"ANN": email, "ANN_PASSWORD": ann.password}
    file.write_text(KNOWN.replace("SHARES", "4"), encoding="utf-8")
    assert tool.run("scenario", "run", str(file), "--target", f"{door}/api/v1", **known).code == ExitCode.OK
    file.write_text(KNOWN.replace("SHARES", "9"), encoding="utf-8")
    failed = tool.run("scenario", "run", str(file), "--target", door, "--json", **known)
    assert failed.code == ExitCode.CHECK_FAILED
    (outcome,) = failed.json["outcomes"]
    assert outcome["failure"]["checks"] == [{"what": "quantity", "expected": 9, "found": "3"}]
    replay = Path(outcome["failure"]["bundle"]) / "replay.sh"
    assert f"--target {door}" in replay.read_text()
    assert ann.password not in replay.read_text()


def test_nobody_at_the_url_is_no_failure_of_the_platform(tool: Tool, gateway: str) -> None:
    file = str(STANDARD / ABLE[0])
    result = tool.run("scenario", "run", file, "--target", "http://127.0.0.1:1", "--mail", gateway)
    assert result.code == 3
    assert tool.run("scenario", "run", file, "--target", "127.0.0.1:1").code == ExitCode.USAGE
