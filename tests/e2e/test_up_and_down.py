"""Starting, starting again, stopping."""

import os
import signal
import socket
from pathlib import Path

import pytest

from tests.e2e.tool import Tool
from tests.eventually import eventually
from tradectl.errors import ExitCode
from tradectl.stack.ports import LOOPBACK, answers
from tradectl.stack.topology import PARTS


def test_up_returns_when_every_part_is_ready_and_a_price_has_arrived(tool: Tool) -> None:
    outcome = tool.ok("up", "--json").json
    assert outcome["changed"] is True
    assert outcome["quote"]["symbol"]
    status = tool.ok("ps", "--json").json
    assert status["up"] is True
    assert {part["name"]: part["state"] for part in status["parts"]} == dict.fromkeys(PARTS, "ready")


def test_up_shows_progress_on_stderr_and_the_endpoints_on_stdout(tool: Tool) -> None:
    result = tool.ok("up")
    assert "orders" in result.err
    assert "is ready" in result.err
    assert "/api/v1" in result.out
    assert "tradectl smoke" in result.out


def test_up_repeated_changes_nothing_and_says_so(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    processes, ports = tool.processes(), tool.ports()
    again = tool.ok("up", "--json").json
    assert again["changed"] is False
    assert (tool.processes(), tool.ports()) == (processes, ports)
    assert "nothing was changed" in tool.ok("up", "--quiet").out


def test_two_ups_at_once_start_one_platform(tool: Tool) -> None:
    first, second = tool.start("up", "--json"), tool.start("up", "--json")
    outputs = [first.communicate(timeout=60), second.communicate(timeout=60)]
    assert [first.returncode, second.returncode] == [0, 0], outputs
    assert sorted('"changed": true' in out for out, _ in outputs) == [False, True]


def test_down_leaves_no_process_no_port_and_no_data(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    ports = tool.ports()
    stopped = {"name": "default", "existed": True, "ran": True}
    assert tool.ok("down", "--json").json == {"sandboxes": [stopped], "data_kept": False}
    assert tool.leftovers() == []
    assert not [port for port in ports.values() if answers(port)]
    assert list((tool.home / "sandboxes").iterdir()) == []


def test_down_can_keep_the_data_and_up_goes_on_with_it_on_the_same_ports(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    ports = tool.ports()
    tool.ok("down", "--keep-data")
    assert tool.leftovers() == []
    tool.ok("up", "--quiet")
    assert tool.ports() == ports


def test_down_can_be_repeated(tool: Tool) -> None:
    assert "sandbox default was not running" in tool.ok("down").out
    assert "sandbox default was not running" in tool.ok("down").out


def test_sandboxes_live_side_by_side(tool: Tool) -> None:
    tool.ok("up", "--quiet", "--name", "one")
    tool.ok("up", "--quiet", "--name", "two", "--seed", "2")
    assert not set(tool.ports("one").values()) & set(tool.ports("two").values())
    assert [(each["name"], each["up"]) for each in tool.ok("ps", "--all", "--json").json] == [
        ("one", True),
        ("two", True),
    ]
    tool.ok("down", "--name", "one")
    assert tool.ok("ps", "--name", "two", "--json").json["up"] is True


async def test_a_killed_host_is_back_by_itself_on_the_same_ports(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    supervisor, host = tool.processes()
    ports = tool.ports()
    os.kill(host, signal.SIGKILL)
    tool.ok("wait", "--for", "quote", "--timeout", "30")
    assert await eventually(lambda: tool.ok("ps", "--json").json["up"], 20)
    assert tool.processes()[0] == supervisor
    assert tool.processes()[1] != host
    assert tool.ports() == ports
    assert tool.ok("ps", "--json").json["restarts"] == 1


async def test_a_killed_supervisor_takes_the_host_with_it_and_up_starts_both_again(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    supervisor, host = tool.processes()
    os.kill(supervisor, signal.SIGKILL)
    assert await eventually(lambda: not Path(f"/proc/{host}/exe").exists() or not tool.leftovers(), 10)
    outcome = tool.ok("up", "--json").json
    assert outcome["changed"] is True
    assert set(tool.processes()).isdisjoint({supervisor, host})


@pytest.mark.parametrize(
    ("stage", "number"), [("bound", signal.SIGINT), ("imported", signal.SIGTERM), ("ready", signal.SIGINT)]
)
def test_an_interrupt_during_up_leaves_nothing_running(tool: Tool, stage: str, number: signal.Signals) -> None:
    process = tool.start("up", "--json")
    assert process.stderr is not None
    assert any(f'"kind":"{stage}"' in line for line in process.stderr)
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert tool.leftovers() == []
    assert tool.ok("up", "--json").json["changed"] is True


def test_a_port_that_is_taken_is_named_with_its_mend_and_nothing_is_left_running(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    tool.ok("down", "--keep-data")
    port = tool.ports()["orders.http"]
    with socket.create_server((LOOPBACK, port)):
        result = tool.run("up")
        assert result.code == ExitCode.PORT_TAKEN
        assert f"port {port} of orders.http is taken" in result.err
        assert "tradectl up --new-ports" in result.err
        assert tool.leftovers() == []
        assert tool.run("doctor").code == ExitCode.CHECK_FAILED
        tool.ok("up", "--quiet", "--new-ports")
    assert tool.ports()["orders.http"] != port


@pytest.mark.parametrize("home", ["/proc/nowhere", "a file"])
def test_a_state_directory_that_cannot_be_written_is_named_with_its_mend(tool: Tool, tmp_path: Path, home: str) -> None:
    (tmp_path / "file").touch()
    place = str(tmp_path / "file" / "below") if home == "a file" else home
    result = tool.run("up", TRADECTL_HOME=place)
    assert result.code == ExitCode.STATE_UNUSABLE
    assert place in result.err
    assert "TRADECTL_HOME=" in result.err


def test_other_settings_than_the_sandboxs_are_refused(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    result = tool.run("up", "--seed", "99")
    assert result.code == ExitCode.CONFLICT
    assert "--seed 1" in result.err


def test_the_start_is_explained_as_a_tree_when_asked_for(tool: Tool) -> None:
    start = tool.ok("up", "--quiet", "--explain-start", "--json").json["start"]
    assert start["name"] == "up"
    assert [step["name"] for step in start["steps"]] == ["ports"]
    assert [step["name"] for step in start["steps"][0]["steps"]] == ["libraries"]
    tool.ok("down")
    assert "waited at last for" in tool.ok("up", "--quiet", "--explain-start").out


def test_a_selection_starts_what_it_needs_and_nothing_else(tool: Tool) -> None:
    assert tool.run("up", "--only", "nobody").code == ExitCode.NOT_FOUND
    outcome = tool.ok("up", "--only", "chat", "--json").json
    started = {part["name"] for part in tool.ok("ps", "--json").json["parts"]}
    assert started == {"clock", "venue", "provider", "market_data", "auth", "chat"}
    assert "chat.http" in outcome["endpoints"]
    assert tool.run("up", "--only", "orders").code == ExitCode.CONFLICT


def test_a_part_that_shares_its_process_cannot_be_steered_alone(tool: Tool) -> None:
    for verb in ("restart", "stop", "start", "run"):
        assert tool.run(verb, "orders").code == ExitCode.NOT_UP
    tool.ok("up", "--quiet", "--only", "chat")
    for verb in ("restart", "stop", "start", "run"):
        result = tool.run(verb, "chat")
        assert result.code == ExitCode.CONFLICT
        assert "--backend containers" in result.err
    assert tool.run("restart", "nobody").code == ExitCode.NOT_FOUND
    _, host = tool.processes()
    assert tool.ok("restart", "host", "--json").json["pids"] == {"host": tool.processes()[1]}
    assert tool.processes()[1] != host
