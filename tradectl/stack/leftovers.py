"""What crashes left: processes, containers, networks, volumes and state that no sandbox in use has."""

import os
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.eventually import eventually
from tradectl.stack.backends.local import Local, is_running
from tradectl.stack.containers import engine, external, fresh, labelled
from tradectl.stack.containers.labelled import Thing
from tradectl.stack.containers.owner import HOME, LIFE, MACHINE, SANDBOX, home_of, machine
from tradectl.stack.containers.passwords import known
from tradectl.stack.state import NAME, Sandbox, home, is_ours

END_WITHIN = 5.0
"""Seconds for a process to end by itself."""
MODULE = "tradectl.stack.supervisor"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Why it is nobody's, and what of it is to stay."""

    why: str
    keep_data: bool = False
    remove_state: bool = False


EARLIER = Verdict(why="of an earlier sandbox of this name")


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """What is left of one sandbox."""

    sandbox: Sandbox
    verdict: Verdict
    things: tuple[Thing, ...] = ()
    processes: tuple[int, ...] = ()

    def rows(self) -> Iterator[tuple[str, str]]:
        """Each thing that goes: its kind and name."""
        yield from (("process", str(pid)) for pid in self.processes)
        yield from ((thing.kind, thing.name) for thing in self.things)
        if self.verdict.remove_state:
            yield "state", str(self.sandbox.root)


def judge(sandbox: Sandbox) -> Verdict | None:
    """Of a sandbox by its state, while nobody works at it; None when it is in use, or at rest as it should be."""
    if sandbox.unfinished.exists():
        again = sandbox.unfinished.read_text(encoding="ascii") == "again"
        return Verdict(why="its `up` was killed", keep_data=again, remove_state=not again)
    if not sandbox.exists:
        return Verdict(why="its sandbox is gone")
    return None if sandbox.in_use() else Verdict(why="nothing supervises it", keep_data=True)


def find() -> list[Leftover]:
    """Everything, by sandbox; of the engine's nothing where none answers."""
    things = list(_things())
    processes = dict(supervisors())
    places = {_place(thing) for thing in things} | set(processes.values()) | set(_unfinished())
    ordered = sorted(filter(_is_for_us, places), key=lambda each: str(each.root))
    found = [left for place in ordered if (left := _unattended(place, things, processes))]
    return [each for each in found if list(each.rows())]


def _is_for_us(sandbox: Sandbox) -> bool:
    """Of our home, or of one that is gone: who has another home cleans it up himself."""
    folder = home_of(sandbox)
    try:
        return folder == home() or not folder.exists()
    except PermissionError:
        return False


def _unattended(sandbox: Sandbox, things: Iterable[Thing], processes: Mapping[int, Sandbox]) -> Leftover | None:
    """Nothing while an `up` or `down` is at work."""
    return None if sandbox.attended() else _of(sandbox, things, processes)


def _of(sandbox: Sandbox, things: Iterable[Thing], processes: Mapping[int, Sandbox]) -> Leftover | None:
    mine = [thing for thing in things if _place(thing) == sandbox]
    running = tuple(pid for pid, place in processes.items() if place == sandbox)
    if verdict := judge(sandbox):
        idle = tuple(thing for thing in mine if not (verdict.keep_data and thing.kind == "volume"))
        return Leftover(sandbox=sandbox, verdict=verdict, things=idle, processes=running)
    passwords = known(sandbox)
    life = passwords.life if passwords else None
    earlier = tuple(thing for thing in mine if thing.labels.get(LIFE) != life)
    return Leftover(sandbox=sandbox, verdict=EARLIER, things=earlier) if earlier else None


def remove(leftover: Leftover) -> None:
    """Make it gone; LEFT_BEHIND when it is not. A sandbox that somebody has begun to use meanwhile stays."""
    sandbox, verdict = leftover.sandbox, leftover.verdict
    if not sandbox.root.is_dir():
        _end(leftover.processes)
        labelled.remove(leftover.things, gently=False)
        return
    with sandbox.exclusively():
        if _of(sandbox, leftover.things, dict.fromkeys(leftover.processes, sandbox)) != leftover:
            return
        if verdict is not EARLIER and sandbox.in_use():
            Local(sandbox).stop()
        _end(leftover.processes)
        labelled.remove(leftover.things, gently=verdict.keep_data)
        if verdict is not EARLIER:
            for file in (sandbox.infrastructure, sandbox.unfinished):
                file.unlink(missing_ok=True)
        if verdict.remove_state:
            external.take_down(sandbox, keep_data=False)
            sandbox.remove()


def outlived() -> list[Thing]:
    """What is no sandbox's: unused data of database images that are gone."""
    return list(fresh.outlived(engine.connect())) if engine.unusable() is None else []


def _end(processes: Iterable[int]) -> None:
    """First they are asked, then they are killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in _living(processes):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        with suppress(TradectlError):
            eventually(lambda: None if _living(processes) else True, END_WITHIN, what="their end")
    if left := _living(processes):
        raise TradectlError(f"processes do not end: {left}", "`ps` shows them", ExitCode.LEFT_BEHIND)


def _living(processes: Iterable[int]) -> list[int]:
    return [pid for pid in processes if is_running(pid) and is_ours(pid)]


def _things() -> Iterator[Thing]:
    if engine.unusable() is None:
        found = labelled.things(engine.connect(), {"label": [SANDBOX, HOME, f"{MACHINE}={machine()}"]})
        yield from (thing for thing in found if NAME.fullmatch(thing.labels[SANDBOX]))


def _place(thing: Thing) -> Sandbox:
    name = thing.labels[SANDBOX]
    return Sandbox(name, Path(thing.labels[HOME]) / "sandboxes" / name)


def _unfinished() -> Iterator[Sandbox]:
    folder = home() / "sandboxes"
    for marker in folder.glob("*/unfinished") if folder.is_dir() else ():
        yield Sandbox(marker.parent.name, marker.parent)


def supervisors() -> Iterator[tuple[int, Sandbox]]:
    """This user's supervisors and their children by process, of whatever home, where /proc shows them."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            if MODULE.encode() not in words or (process / "exe").stat().st_size == 0:
                continue
            variables = dict(each.split(b"=", 1) for each in (process / "environ").read_bytes().split(b"\0") if each)
        except (OSError, ValueError):  # another user's, or it has just ended
            continue
        name = words[words.index(MODULE.encode()) + 1].decode()
        if b"TRADECTL_HOME" in variables and NAME.fullmatch(name):
            root = Path(variables[b"TRADECTL_HOME"].decode()) / "sandboxes" / name
            yield int(process.name), Sandbox(name, root)
