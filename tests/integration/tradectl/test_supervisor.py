"""A supervisor over children of the tests' own: a world and two services, each a process."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.eventually import eventually
from tests.integration.tradectl import earlier, supervised
from tradectl.errors import ExitCode
from tradectl.probes import http
from tradectl.stack import children, desired, ports, supervisor
from tradectl.stack.backends.local import Local, is_running
from tradectl.stack.events import EventLog, EventReader, StackEvent
from tradectl.stack.plan import plan
from tradectl.stack.settings import RunSettings, keep
from tradectl.stack.state import Sandbox, is_ours, write_json

CHILDREN = {"sim", "orders", "chat"}


@dataclass
class Stack:
    """A supervisor that runs, seen from outside."""

    place: Sandbox
    process: subprocess.Popen[bytes]

    def told(self, child: str) -> dict[str, Any]:
        """What the supervisor says of a child."""
        found: dict[str, Any] = json.loads(self.place.children.read_text())[child]
        return found

    def ready(self) -> set[str]:
        return {path.stem for path in self.place.ready.glob("*.json")}

    def pid(self, child: str) -> int:
        """The process of a child that is ready."""
        return int(json.loads((self.place.ready / f"{child}.json").read_text())["pid"])

    def pids(self) -> dict[str, int]:
        return {child: self.pid(child) for child in CHILDREN}

    def port(self, child: str) -> int:
        return ports.remembered(self.place.ports)[f"{child}.http"]

    def events(self) -> list[StackEvent]:
        return list(EventReader(EventLog(self.place.events)).take())

    async def another(self, child: str, before: int) -> int:
        """The process that took another's place."""
        await eventually(lambda: self.pid(child) != before, 10)
        return self.pid(child)


@pytest.fixture
def place(tmp_path: Path) -> Sandbox:
    made = Sandbox("default", tmp_path / "sandboxes" / "default")
    made.create()
    keep(made, RunSettings(backend="containers", scale={}))
    return made


@contextmanager
def supervising(place: Sandbox, **environment: str) -> Iterator[Stack]:
    process = subprocess.Popen(
        [sys.executable, "-m", supervised.__name__, place.name, supervisor.__name__, place.name],
        env={**os.environ, "TRADECTL_HOME": str(place.root.parent.parent), **environment},
        start_new_session=True,
    )
    try:
        yield Stack(place, process)
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
async def stack(place: Sandbox) -> Any:
    write_json(place.infrastructure, {"urls": {}})
    with supervising(place) as made:
        await eventually(lambda: made.ready() == CHILDREN, 10)
        yield made


async def test_each_service_is_a_process_of_its_own_and_the_world_is_one(stack: Stack) -> None:
    assert len(set(stack.pids().values())) == 3
    for child, pid in stack.pids().items():
        told = stack.told(child)
        assert (told["pid"], told["state"], told["restarts"], told["ended"]) == (pid, "running", 0, "")


async def test_a_killed_child_is_back_by_itself_and_no_other_is_disturbed(stack: Stack) -> None:
    before = stack.pids()
    os.kill(before["orders"], signal.SIGKILL)
    after = await stack.another("orders", before["orders"])
    assert stack.pids() == {**before, "orders": after}
    assert await eventually(lambda: stack.told("orders")["restarts"] == 1)
    assert stack.told("orders")["ended"] == "was killed"
    assert stack.told("chat")["restarts"] == 0


async def test_a_connection_made_while_a_child_comes_back_is_answered(stack: Stack) -> None:
    os.kill(stack.pid("chat"), signal.SIGKILL)
    assert http.get(f"http://127.0.0.1:{stack.port('chat')}/anything").body == b"/anything"


async def test_a_restart_that_is_asked_for_is_no_crash(stack: Stack) -> None:
    before = stack.pids()
    desired.change(stack.place, ["orders"], "running", again=True)
    after = await stack.another("orders", before["orders"])
    assert stack.pids() == {**before, "orders": after}
    assert (stack.told("orders")["restarts"], stack.told("orders")["ended"]) == (0, "was asked to")


async def test_what_is_stopped_refuses_connections_until_it_is_started(stack: Stack) -> None:
    before = stack.pid("orders")
    desired.change(stack.place, ["orders"], "stopped")
    assert await eventually(lambda: stack.told("orders")["state"] == "stopped" and not is_ours(before), 10)
    assert stack.ready() == CHILDREN - {"orders"}
    assert not ports.answers(stack.port("orders"))
    desired.change(stack.place, ["orders"], "running")
    assert await eventually(lambda: stack.ready() == CHILDREN, 10)
    assert ports.answers(stack.port("orders"))


async def test_what_was_told_to_stop_and_is_still_about_to_is_started_again_by_up(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "platform", lambda: supervised.TOPOLOGY)
    backend, before = Local(stack.place), stack.pids()
    os.kill(stack.process.pid, signal.SIGSTOP)
    desired.change(stack.place, ["orders"], "stopped")
    observed = backend.observe()
    backend.apply(plan(supervised.TOPOLOGY, observed), RunSettings(), list[StackEvent]().append)
    seen = observed.state("orders"), backend.ready("orders")
    os.kill(stack.process.pid, signal.SIGCONT)
    assert seen == ("absent", None)
    after = await stack.another("orders", before["orders"])
    assert stack.pids() == {**before, "orders": after}


async def test_a_child_gives_way_to_a_terminal_and_comes_back_after_it(stack: Stack) -> None:
    with desired.held(stack.place, "orders"):
        desired.change(stack.place, ["orders"], "elsewhere")
        assert await eventually(lambda: stack.told("orders")["state"] == "elsewhere", 10)
        with closing(await eventually(lambda: ports.take("orders.http", stack.port("orders")), 10)):
            assert ports.answers(stack.port("orders"))
    assert await eventually(lambda: stack.ready() == CHILDREN, 10), "nobody said that the terminal is gone"


async def test_a_child_whose_port_another_has_taken_is_tried_again_and_the_others_live(stack: Stack) -> None:
    before = stack.pids()
    desired.change(stack.place, ["orders"], "stopped")
    assert await eventually(lambda: stack.told("orders")["state"] == "stopped", 10)
    with closing(await eventually(lambda: ports.take("orders.http", stack.port("orders")), 10)):
        desired.change(stack.place, ["orders"], "running")
        assert await eventually(lambda: "is taken" in stack.told("orders")["ended"], 10)
        assert stack.pid("chat") == before["chat"]
    assert await eventually(lambda: stack.ready() == CHILDREN, 15)


async def test_a_service_runs_from_another_tree_and_back_again_while_the_others_live(
    stack: Stack, tmp_path: Path
) -> None:
    before, page = stack.pids(), f"http://127.0.0.1:{stack.port('orders')}/anything"
    keep(stack.place, RunSettings(backend="containers", trees={"orders": str(earlier.plant(tmp_path / "tree"))}))
    desired.change(stack.place, ["orders"], "running", again=True)
    other = await stack.another("orders", before["orders"])
    assert http.get(page).body == b"orders of another release"
    os.kill(other, signal.SIGKILL)
    await stack.another("orders", other)
    assert http.get(page).body == b"orders of another release"
    keep(stack.place, RunSettings(backend="containers"))
    desired.change(stack.place, ["orders"], "running", again=True)
    assert await eventually(lambda: stack.told("orders")["state"] == "running" and stack.ready() == CHILDREN, 10)
    assert await eventually(lambda: http.get(page).body == b"/anything", 10)
    assert stack.pid("chat") == before["chat"]


async def test_a_service_of_another_tree_ends_with_its_supervisor(stack: Stack, tmp_path: Path) -> None:
    before = stack.pid("orders")
    keep(stack.place, RunSettings(backend="containers", trees={"orders": str(earlier.plant(tmp_path / "tree"))}))
    desired.change(stack.place, ["orders"], "running", again=True)
    other = await stack.another("orders", before)
    stack.process.kill()
    assert await eventually(lambda: not is_running(other) and not stack.place.in_use(), 10)


async def test_a_child_that_fails_again_and_again_is_tried_later_and_later_while_the_others_live(
    stack: Stack,
) -> None:
    before = stack.pids()
    (stack.place.data / "orders" / "broken").touch()
    os.kill(before["orders"], signal.SIGKILL)
    assert await eventually(lambda: stack.told("orders")["restarts"] >= 3, 10)
    assert stack.told("orders")["ended"] == "ended with start_failed"
    assert {child: stack.pid(child) for child in ("sim", "chat")} == {c: before[c] for c in ("sim", "chat")}
    (stack.place.data / "orders" / "broken").unlink()
    assert await eventually(lambda: stack.ready() == CHILDREN, 10)


async def test_a_killed_supervisor_takes_all_children_with_it(stack: Stack) -> None:
    pids = stack.pids()
    stack.process.kill()
    stack.process.wait()
    assert await eventually(lambda: not any(map(is_ours, pids.values())), 10)
    assert await eventually(lambda: not stack.place.in_use(), 10)
    assert ports.taken(ports.remembered(stack.place.ports)) == {}


async def test_told_to_stop_it_ends_the_services_before_the_world(stack: Stack) -> None:
    pids = stack.pids()
    stack.process.terminate()
    assert stack.process.wait(10) == ExitCode.OK
    assert not any(map(is_ours, pids.values()))
    ends = [event.part for event in stack.events() if event.kind == "ended"]
    assert set(ends) == CHILDREN
    assert ends[-1] == "sim"


async def test_services_wait_for_their_servers_and_the_world_does_not(place: Sandbox) -> None:
    with place.exclusively(), supervising(place) as stack:
        await eventually(lambda: stack.ready() == {"sim"}, 10)
        assert stack.told("orders")["state"] == "waiting"
        write_json(place.infrastructure, {"urls": {}})
        assert await eventually(lambda: stack.ready() == CHILDREN, 10)


async def test_it_ends_when_nobody_will_bring_the_servers(place: Sandbox) -> None:
    with place.exclusively(), supervising(place) as stack:
        await eventually(lambda: stack.ready() == {"sim"}, 10)
        stack.process.poll()
        assert stack.process.returncode is None
        child = stack.pid("sim")
        place._lock.unlink()
        assert stack.process.wait(10) == ExitCode.START_FAILED
    assert await eventually(lambda: not is_ours(child), 10)


async def test_a_child_that_never_worked_ends_all(place: Sandbox) -> None:
    write_json(place.infrastructure, {"urls": {}})
    (place.data / "orders").mkdir()
    (place.data / "orders" / "broken").touch()
    with supervising(place) as stack:
        assert stack.process.wait(10) == ExitCode.START_FAILED
        failed = next(event for event in stack.events() if event.kind == "failed")
        assert (failed.part, failed.text) == ("orders", "it does not work")


async def test_instances_of_a_service_have_ports_and_logs_of_their_own(place: Sandbox) -> None:
    keep(place, RunSettings(backend="containers", scale={"orders": 2}))
    write_json(place.infrastructure, {"urls": {}})
    with supervising(place) as stack:
        await eventually(lambda: stack.ready() == CHILDREN | {"orders@2"}, 10)
        assert stack.port("orders") != stack.port("orders@2")
        url = f"http://127.0.0.1:{stack.port('orders@2')}/urls"
        assert http.get(url).json()["chat"] == f"http://127.0.0.1:{stack.port('chat')}"
        chat = http.get(f"http://127.0.0.1:{stack.port('chat')}/urls").json()
        assert chat["orders"] in {f"http://127.0.0.1:{stack.port(each)}" for each in ("orders", "orders@2")}
        assert await eventually((place.logs / "orders@2.jsonl").exists)


async def test_a_service_that_is_started_again_has_the_code_as_it_is_now(stack: Stack) -> None:
    before, chat = stack.pid("orders"), stack.pid("chat")
    desired.change(stack.place, ["orders"], "running", again=True)
    after = await stack.another("orders", before)
    modules = json.loads((stack.place.modules / "orders.json").read_text())["modules"]
    assert supervised.ENTRY.partition(":")[0] in modules
    assert (after, stack.pid("chat")) != (before, chat)
