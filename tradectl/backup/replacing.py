"""A sandbox's databases made anew from a dump and what was logged after it; the replica is seeded from the dump."""

import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from dataclasses import replace as altered
from functools import partial
from pathlib import Path

from tradectl.backup import composed, events, fix
from tradectl.backup.create import scratch
from tradectl.backup.events import Event
from tradectl.backup.packing import Flowing
from tradectl.backup.programs import Programs, of_sandbox
from tradectl.backup.replay import Replay
from tradectl.stack.backends.backend import Listener
from tradectl.stack.backends.containers import Containers
from tradectl.stack.containers import labelled
from tradectl.stack.containers.engine import connect
from tradectl.stack.containers.labelled import Thing
from tradectl.stack.containers.owner import ROLE, filters
from tradectl.stack.events import StackEvent
from tradectl.stack.snapshots.servers import Servers, servers

SERVERS = ("primary", "replica")
OPEN = "SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF"
SHUT = "SET GLOBAL super_read_only = ON"
EMPTY = "RESET BINARY LOGS AND GTIDS"
FOLLOWED_WITHIN = 60
"""Seconds for a new replica to have what its new primary begins with: the services' users."""
CLIENT = ("--binary-mode", "--max-allowed-packet=64M")


@dataclass(frozen=True)
class Material:
    """What a restore is made of: a dump and logs as files, and the events around the cut."""

    dump: Path
    gtid: str
    events: Sequence[Event]
    logs: Sequence[Path] = ()
    until: int | None = None


@dataclass
class Replaced:
    """What became of it: how many transactions of the log, the last one's time, the events laid out again."""

    transactions: int = 0
    last: int = 0
    events: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


def remove(backend: Containers) -> None:
    """Primary and replica are gone, with their data."""
    labelled.remove(with_data(backend, SERVERS), gently=False)


def with_data(backend: Containers, roles: Collection[str]) -> list[Thing]:
    """These servers and their volumes, and who holds those and has ended, as what prepares them for Compose."""
    every = list(labelled.things(connect(), filters(backend.sandbox)))
    found = [each for each in every if each.labels.get(ROLE) in roles]
    volumes = {each.name for each in found if each.kind == "volume"}
    idle = [each for each in every if each.kind == "container" and each.status == "exited" and each not in found]
    return [*found, *(each for each in idle if volumes & _volumes(each))]


def _volumes(container: Thing) -> set[str]:
    return {str(mount.get("Name")) for mount in container.itself.attrs["Mounts"]}


def replace(backend: Containers, material: Material, listen: Listener) -> Replaced:
    """New servers with what the material says, the sandbox's processes being stopped."""
    done, began = Replaced(), time.monotonic()
    remove(backend)
    services = backend.layout().topology.services
    backend.provider().bring_up(backend.sandbox, services, listen)
    done.seconds["servers"] = time.monotonic() - began
    sandbox = backend.sandbox
    with of_sandbox(sandbox) as primary, of_sandbox(sandbox, "replica", name="backup-replica") as replica:
        _seed(primary, replica, material.dump)
        _tell(listen, done, "databases", began)
        replay = replayed(primary, material)
        done.transactions, done.last = replay.transactions, replay.last
        done.events = len(material.events) + len(replay.events.found)
        with _journal(backend) as journal:
            fix.resynchronise(journal, primary)
    _tell(listen, done, "logs", began)
    return done


@contextmanager
def _journal(backend: Containers) -> Iterator[Path]:
    """The broker's: a file of the sandbox's, or in the volume of a container."""
    if backend.name != "compose":
        yield backend.sandbox.data / fix.JOURNAL
        return
    with scratch(backend.sandbox) as folder:
        yield composed.lay_journal(backend.sandbox, fix.JOURNAL, folder)


@contextmanager
def reached(backend: Containers, listen: Listener) -> Iterator[Servers]:
    """The sandbox's servers; where they are down, for as long as this takes."""
    with servers(backend, listen) as found:
        own = backend.name == "compose"
        yield altered(found, urls=composed.urls(backend.sandbox, found.services)) if own else found


def settle(found: Servers) -> None:
    """What queues and cache hold is of a time that was not; the replica has what the primary has."""
    found.forget()
    found.await_replicas()


def _seed(primary: Programs, replica: Programs, dump: Path) -> None:
    """Both at once, neither by the other's log; then the replica follows from where the dump ends."""
    begun = primary.answer("SELECT @@GLOBAL.gtid_executed").replace("\\n", "")
    replica.say(f"SELECT WAIT_FOR_EXECUTED_GTID_SET('{begun}', {FOLLOWED_WITHIN})")
    replica.say(f"STOP REPLICA; RESET REPLICA; {OPEN}; {EMPTY}")
    primary.say(EMPTY)

    with ThreadPoolExecutor(2) as threads:
        for loading in [threads.submit(partial(load, run, dump)) for run in (primary, replica)]:
            loading.result()
    replica.say(f"{SHUT}; START REPLICA")


def load(run: Programs, dump: Path) -> None:
    """The server has what the dump has."""
    with dump.open("rb") as source:
        run.feed(source, "mysql", *CLIENT)


def replayed(primary: Programs, material: Material) -> Replay:
    """What was logged after the dump, up to the moment; what the dump has already is left out by its GTIDs.

    Then the events around the cut, laid out again.
    """
    replay, paths = Replay(material.until), []
    for file in material.logs:
        paths.append(f"{primary.folder}/{file.name}")
        primary.lay(paths[-1], file.read_bytes())
    if paths:
        pieces = primary.output("mysqlbinlog", "--verbose", f"--exclude-gtids={material.gtid}", *paths)
        primary.feed(Flowing(replay.statements(events.lines(pieces))), "mysql", *CLIENT)
    again = [*material.events, *replay.events.found]
    primary.feed(Flowing(events.statements(again)), "mysql", *CLIENT)
    return replay


def _tell(listen: Listener, done: Replaced, part: str, began: float) -> None:
    done.seconds[part] = time.monotonic() - began
    listen(StackEvent(kind="restored", part=part, seconds=done.seconds[part] - sum(list(done.seconds.values())[-2:-1])))
