"""The host on parts of our own: what it starts, in which order, and how it ends."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.contracts.manifest import ServiceManifest
from services.runtime import local, logfile
from tests.eventually import eventually
from tests.integration.tradectl import parts
from tradectl.errors import ExitCode
from tradectl.probes import http
from tradectl.stack import ports
from tradectl.stack.children import HOST, in_one
from tradectl.stack.events import EventLog, EventReader, StackEvent
from tradectl.stack.host import Host
from tradectl.stack.resources import Charge
from tradectl.stack.settings import RunSettings
from tradectl.stack.state import Sandbox
from tradectl.stack.topology import of

ENTRY = f"{parts.__name__}:run"
TOPOLOGY = of(
    [
        ServiceManifest(name="door", title="", entry=ENTRY, needs=("shop",)),
        ServiceManifest(name="street", title="", entry=ENTRY, kind="simulator"),
        ServiceManifest(name="shop", title="", entry=ENTRY, needs=("street",), database=True),
    ]
)


@pytest.fixture
def charge(tmp_path: Path) -> Iterator[Charge]:
    place = Sandbox("default", tmp_path)
    place.create()
    logfile.configure(place.logs)
    parts.calls.clear()
    parts.behaviour.clear()
    sockets = ports.bind([f"{part.name}.http" for part in TOPOLOGY], place.ports)
    layout = in_one(TOPOLOGY)
    yield Charge(sandbox=place, layout=layout, child=layout[HOST], settings=RunSettings(), sockets=sockets)
    for each in sockets.values():
        each.close()
    local.clear()
    logfile.configure(None)


def ready(charge: Charge) -> bool:
    return (charge.sandbox.ready / "host.json").exists()


def events(charge: Charge) -> list[StackEvent]:
    return list(EventReader(EventLog(charge.sandbox.events)).take())


async def lived(charge: Charge) -> ExitCode:
    """The exit code of a host that was told to stop once it was up."""
    host = Host(charge)
    running = asyncio.create_task(host.run())
    await eventually(lambda: running.done() or ready(charge))
    host.end()
    return await running


async def test_parts_are_opened_after_what_they_need_and_stopped_before_it(charge: Charge) -> None:
    assert await lived(charge) is ExitCode.OK
    assert parts.calls == ["open street", "open shop", "open door", "stop door", "stop shop", "stop street"]


async def test_progress_is_told_part_by_part(charge: Charge) -> None:
    await lived(charge)
    told = [(event.kind, event.part) for event in events(charge)]
    assert [part for kind, part in told if kind == "starting"] == ["street", "shop", "door"]
    assert {part for kind, part in told if kind == "ready"} == {"street", "shop", "door"}
    assert told[-1] == ("up", "host")


async def test_each_part_is_served_on_its_socket_and_simulators_get_their_pages(charge: Charge) -> None:
    host = Host(charge)
    running = asyncio.create_task(host.run())
    await eventually(lambda: ready(charge))
    endpoints = ports.endpoints(charge.sandbox.ports)
    key = {"X-Internal-Key": charge.sandbox.keys()["key"]}

    async def get(part: str, path: str, **headers: str) -> http.Answer:
        return await asyncio.to_thread(http.get, f"{endpoints[part]}{path}", headers=headers)

    assert (await get("shop.http", "/ready")).body == b"/ready", "a service answers for itself"
    assert (await get("street.http", "/ready")).json()["status"] == "ready"
    assert (await get("street.http", "/live")).json()["service"] == "street"
    assert (await get("street.http", "/internal/settled")).body == b"/internal/settled", "not without the key"
    assert (await get("street.http", "/internal/settled", **key)).json() == {"waiting": 0}
    assert (await get("street.http", "/anything")).body == b"/anything"
    host.end()
    await running


async def test_an_error_with_a_hint_is_the_users_to_mend_and_final(charge: Charge) -> None:
    parts.behaviour["shop"] = "spoilt"
    assert await lived(charge) is ExitCode.BAD_INPUT
    last = events(charge)[-1]
    assert (last.kind, last.text, last.hint) == ("failed", "line 3 cannot be read", "give it another file")
    assert parts.calls[-1] == "stop street"


async def test_an_error_while_starting_is_final(charge: Charge) -> None:
    parts.behaviour["shop"] = "broken"
    assert await lived(charge) is ExitCode.START_FAILED
    assert [event.kind for event in events(charge)][-1] == "failed"


async def test_a_loop_that_ends_ends_the_host_which_is_then_started_again(charge: Charge) -> None:
    parts.behaviour["door"] = "loop ends"
    been_up = Charge(**{**vars(charge), "been_up": True})
    assert await Host(been_up).run() is ExitCode.START_FAILED
    last = events(charge)[-1]
    assert last.kind == "crashed"
    assert "runs for life" in last.text
