"""A snapshot put in the place of all that a sandbox holds."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from services.runtime import killpoints
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import change, pause
from tradectl.stack.backends.backend import Backend, Listener
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.change import Change
from tradectl.stack.events import StackEvent
from tradectl.stack.lifecycle import interrupts_raised
from tradectl.stack.pause import Pace
from tradectl.stack.settings import RunSettings, keep, readable_feed
from tradectl.stack.settings import load as load_settings
from tradectl.stack.snapshots import document, files, rest, shelf
from tradectl.stack.snapshots import servers as copies
from tradectl.stack.snapshots.document import Snapshot
from tradectl.stack.snapshots.save import DATA, SECRETS
from tradectl.stack.snapshots.servers import servers
from tradectl.stack.state import Sandbox


@dataclass(frozen=True)
class Loaded:
    """``running``: it goes on from there already."""

    snapshot: Snapshot
    running: bool
    seconds: float


def load(sandbox: Sandbox, name: str, listen: Listener, *, origin: str | None = None) -> Loaded:
    """Have the sandbox hold what the snapshot holds, and nothing else; it runs afterwards when it ran before."""
    began = time.monotonic()
    killpoints.arm_from_environment()
    with sandbox.exclusively(), interrupts_raised():
        folder, snapshot = shelf.find(origin or sandbox.name, name)
        check(sandbox, folder, snapshot)
        with _new(sandbox):
            data = _copied(sandbox, folder, listen)
            backend, running = backend_of(sandbox, snapshot.backend), sandbox.in_use()
            with _stopped(backend, listen), change.whole(sandbox, Change("load", name, snapshot.sandbox)):
                killpoints.reach("load.begun")
                keep(sandbox, settings_for(sandbox, snapshot))
                with servers(backend, listen) as found:
                    found.load(folder)
                killpoints.reach("load.half")
                files.swap(data, sandbox.data)
                files.copy_file(folder / SECRETS, sandbox.secrets)
                pause.keep(sandbox, None if snapshot.pace is None else Pace(**snapshot.pace))
    return Loaded(snapshot, running, time.monotonic() - began)


def check(sandbox: Sandbox, folder: Path, snapshot: Snapshot) -> None:
    """Everything that could be wrong is, before anything is touched: TradectlError saying what."""
    if reasons := [*misfits(sandbox, snapshot), *snapshot.unfit(document.release(), document.schema())]:
        other = f"`tradectl snapshot load {snapshot.name} --from {snapshot.sandbox} --name NEW`"
        hint = f"{other} makes a sandbox for it, with the tradectl that saved it"
        raise TradectlError(f"snapshot {snapshot.name} does not fit: {'; '.join(reasons)}", hint, ExitCode.CONFLICT)
    files.check(folder, snapshot.files)
    copies.check(folder)
    if snapshot.run_settings.feed:
        readable_feed(Path(snapshot.run_settings.feed))


def misfits(sandbox: Sandbox, snapshot: Snapshot) -> Iterator[str]:
    """Why this sandbox cannot hold it."""
    if not sandbox.exists:
        return
    kept, saved = load_settings(sandbox), snapshot.run_settings
    if kept.backend != snapshot.backend:
        yield f"it is of the backend {snapshot.backend}, sandbox {sandbox.name} is on {kept.backend}"
    if kept.only != saved.only and sandbox.in_use():
        parts = [", ".join(settings.only) or "every part" for settings in (saved, kept)]
        yield f"it has {parts[0]}, sandbox {sandbox.name} runs {parts[1]}"


def settings_for(sandbox: Sandbox, snapshot: Snapshot) -> RunSettings:
    """The market's are the snapshot's; how many of a service run is the sandbox's own affair."""
    saved = snapshot.run_settings
    return replace(saved, scale=load_settings(sandbox).scale) if sandbox.exists else saved


@contextmanager
def _new(sandbox: Sandbox) -> Iterator[None]:
    """A sandbox that was not there before is there from now on; one that never came to hold anything is not."""
    fresh = not sandbox.exists
    sandbox.create()
    try:
        yield
    except BaseException:
        if fresh and change.begun(sandbox) is None:
            sandbox.remove()
        raise


def _copied(sandbox: Sandbox, folder: Path, listen: Listener) -> Path:
    """The files beside those that they replace, while the platform still runs."""
    began = time.monotonic()
    beside = sandbox.data.with_name("data.new")
    files.discard(beside)
    files.copy(folder / DATA, beside)
    listen(StackEvent(kind="copied", part="files", seconds=time.monotonic() - began))
    return beside


@contextmanager
def _stopped(backend: Backend, listen: Listener) -> Iterator[None]:
    """Nothing runs meanwhile, as far as something ran."""
    if backend.sandbox.in_use():
        with rest.stopped(backend, listen):
            yield
    else:
        yield
