"""Starting and stopping on servers in containers."""

import os
import signal

import httpx
import pytest

from tests.e2e.tool import Tool
from tests.e2e.trading import PATIENCE
from tests.eventually import eventually
from tradectl.errors import ExitCode


def late(*stages: str) -> pytest.MarkDecorator:
    """The last of these stages of a start, when there is most to remove; those before it by night."""
    return pytest.mark.parametrize(
        "stage", [*(pytest.param(each, marks=pytest.mark.night) for each in stages[:-1]), stages[-1]]
    )


def test_down_leaves_nothing_and_can_keep_the_data(contained: Tool) -> None:
    outcome = contained.ok("up", "--json", "--explain-start").json
    assert outcome["backend"] == "containers"
    assert "infrastructure" in str(outcome["start"])
    ports = contained.ports()
    assert contained.ok("smoke", "--json").json["ok"] is True
    contained.ok("down", "--keep-data")
    assert contained.leftovers() == []
    contained.ok("up", "--quiet")
    assert contained.ports() == ports
    counted = contained.ok("audit", "--settled", "--json").json["counted"]
    assert counted["orders.fills"] > 0, "the data were kept"
    contained.ok("down")
    assert (contained.leftovers(), contained.in_engine()) == ([], [])


async def test_a_killed_supervisor_takes_all_with_it_and_up_finds_the_same_accounts(contained: Tool) -> None:
    contained.ok("up", "--quiet")
    contained.ok("smoke", "--json")
    children = [told["pid"] for told in contained.children().values()]
    os.kill(int((contained.sandbox() / "supervisor.pid").read_text()), signal.SIGKILL)
    assert await eventually(lambda: not contained.leftovers(), PATIENCE)
    assert contained.ok("up", "--json").json["changed"] is True
    assert not set(children) & {told["pid"] for told in contained.children().values()}
    assert contained.ok("audit", "--settled", "--json").json["clean"] is True
    assert contained.ok("smoke", "--json").json["ok"] is True


@late('"kind":"bound"', '"part":"redis"', '"part":"infrastructure"')
def test_an_interrupt_during_up_leaves_nothing(contained: Tool, stage: str) -> None:
    with contained.running("up", "--json") as process:
        assert process.stderr is not None
        assert any(stage in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED
    assert (contained.leftovers(), contained.in_engine()) == ([], [])


async def test_an_up_that_is_killed_leaves_no_process_and_can_be_repeated(contained: Tool) -> None:
    with contained.running("up", "--json") as process:
        assert process.stderr is not None
        assert any('"part":"redis"' in line for line in process.stderr)
        process.kill()
        process.communicate(timeout=60)
    assert await eventually(lambda: not contained.leftovers(), PATIENCE), "the supervisor waits for nobody"
    assert (contained.sandbox() / "unfinished").exists()
    assert contained.ok("up", "--json").json["changed"] is True
    assert not (contained.sandbox() / "unfinished").exists()


@late('"ready","part":"redis"', '"ready","part":"infrastructure"', '"part":"orders"')
def test_an_up_that_is_killed_leaves_nothing_to_gc(contained: Tool, stage: str) -> None:
    with contained.running("up", "--json") as process:
        assert process.stderr is not None
        assert any(stage in line for line in process.stderr)
        process.kill()
        process.communicate(timeout=60)
    assert contained.in_engine() != []
    kinds = {row["kind"] for row in contained.ok("gc", "--json").json["leftovers"]}
    assert {"container", "network", "volume", "state"} <= kinds
    assert (contained.leftovers(), contained.in_engine()) == ([], [])
    assert contained.ok("gc", "--json").json["leftovers"] == []


def test_services_run_more_than_once_and_ports_are_fixed(contained: Tool) -> None:
    contained.ok("up", "--quiet", "--scale", "orders=2,bff=2", "--port-base", "24000")
    ports = contained.ports()
    assert (ports["clock.http"], ports["bff.http"], ports["orders@2.http"]) == (24000, 24016, 24022)
    assert {"orders", "orders@2", "bff", "bff@2"} <= set(contained.children())
    assert contained.ok("smoke", "--json").json["ok"] is True
    assert set(contained.ok("restart", "orders", "--json").json["pids"]) == {"orders", "orders@2"}
    assert list(contained.ok("restart", "bff@2", "--json").json["pids"]) == ["bff@2"]


async def test_the_network_in_front_of_one_server_can_be_disturbed_for_one_service(contained: Tool) -> None:
    contained.ok("up", "--quiet", "--network-faults")
    terms = ("--between", "portfolio,primary")
    contained.ok("fault", "add", "network.refuse", *terms, "--for", "1m")
    await eventually(lambda: "database" in lacking(contained, "portfolio"), PATIENCE, every=0.1)
    assert lacking(contained, "orders") == {}
    contained.ok("fault", "clear", "--all")
    await eventually(lambda: lacking(contained, "portfolio") == {}, PATIENCE, every=0.1)
    assert contained.ok("audit", "--settled", "--json").json["clean"] is True


def lacking(tool: Tool, service: str) -> dict[str, str]:
    """What a service says that does not answer."""
    page = httpx.get(f"http://127.0.0.1:{tool.ports()[f'{service}.http']}/ready").json()
    return {name: said for name, said in page["checks"].items() if said != "ok"}


@pytest.mark.night
def test_a_selection_has_the_servers_that_it_needs(contained: Tool) -> None:
    contained.ok("up", "--quiet", "--only", "orders,portfolio")
    assert set(contained.children()) == {"sim", "auth", "market_data", "orders", "portfolio"}


def test_without_an_engine_the_backend_is_embedded_and_says_why(contained: Tool) -> None:
    result = contained.ok("up", TRADECTL_BACKEND="", DOCKER_HOST="unix:///nowhere")
    assert "embedded" in result.err
    assert "no Docker engine answers" in result.err
    assert contained.ok("up", "--json", TRADECTL_BACKEND="").json["backend"] == "embedded", "it keeps what it has"
    assert contained.run("up", "--backend", "containers").code == ExitCode.CONFLICT
