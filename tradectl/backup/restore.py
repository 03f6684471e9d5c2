"""A sandbox put back to a backup, or to a moment after one."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from tradectl.audit import lost
from tradectl.audit.lost import Lost
from tradectl.backup import catalogue, manifest
from tradectl.backup.address import BACKEND, FORM, VARIABLE
from tradectl.backup.aftermath import adopt
from tradectl.backup.create import DATA, KEYS, check_ours, scratch
from tradectl.backup.manifest import Manifest
from tradectl.backup.replacing import Replaced
from tradectl.backup.store import Store
from tradectl.backup.verify import unpack
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import change, control
from tradectl.stack.backends.backend import Backend, Listener
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.backends.containers import Containers
from tradectl.stack.change import Change
from tradectl.stack.events import StackEvent
from tradectl.stack.lifecycle import interrupts_ignored, interrupts_raised
from tradectl.stack.settings import RunSettings, keep
from tradectl.stack.snapshots import document, files, rest
from tradectl.stack.state import Sandbox


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A backup by its id, exactly; else the last one before ``at`` (wall, microseconds), and the log up to there.

    Neither: as late as the store knows.
    """

    backup: str | None = None
    at: int | None = None
    said: str = ""
    """As the command line has it, for who must do it again."""
    store: str = ""


ADOPT = "tradectl backup adopt"


@dataclass
class Restored:
    """``moment``: that of the last transaction of it (wall, microseconds)."""

    manifest: Manifest
    moment: int
    running: bool
    seconds: float
    replaced: Replaced = field(default_factory=Replaced)
    adopted: Mapping[str, list[str]] = field(default_factory=dict)
    """Orders of the lost time that the venue has: taken over from its record, or not."""

    def then(self, flag: str = "") -> list[str]:
        """What is to be done next, as commands; ``flag`` names the sandbox."""
        if self.manifest.backend == "embedded":
            return [] if self.running else [f"tradectl up{flag}"]
        if self.manifest.backend == BACKEND:
            return [f"tradectl backup create{flag}"]
        first = [] if self.running else [f"tradectl up{flag}", f"{ADOPT}{flag}"]
        return [*first, f"tradectl backup create{flag}", f"tradectl audit --settled{flag}"]


def restore(sandbox: Sandbox, store: Store, key: bytes, wanted: Wanted, listen: Listener) -> Restored:
    """Everything is read and checked before anything is touched; the outside world on containers stays as it is."""
    began = time.monotonic()
    with sandbox.exclusively(), interrupts_raised():
        made = chosen(store, sandbox.name, wanted)
        manifest.check(made, key)
        check(sandbox, made)
        fresh = not sandbox.exists
        sandbox.create()
        with scratch(sandbox) as folder:
            backend = backend_of(sandbox, made.backend)
            if made.backend == "embedded":
                done = _files(backend, store, key, made, folder, wanted, listen, fresh=fresh)
            else:
                done = _servers(cast(Containers, backend), store, key, made, folder, wanted, listen)
    done.seconds = time.monotonic() - began
    return done


def chosen(store: Store, sandbox: str, wanted: Wanted) -> Manifest:
    """TradectlError NOT_FOUND when the store has none such."""
    if wanted.at is not None and wanted.backup is None:
        return catalogue.before(store, sandbox, wanted.at).manifest
    return catalogue.find(store, sandbox, wanted.backup).manifest


def check(sandbox: Sandbox, made: Manifest) -> None:
    """TradectlError CONFLICT when this tradectl, or this sandbox, cannot go on with it."""
    if made.backend == BACKEND:
        hint = f"{VARIABLE}={FORM} tradectl backup restore, onto a server that has none of its schemas"
        raise TradectlError(f"backup {made.id} is of a server by its address", hint, ExitCode.CONFLICT)
    reasons = []
    if made.tradectl != document.release() or made.schema != document.schema():
        reasons.append(
            f"it is of tradectl {made.tradectl}, whose tables may be others than those of {document.release()}"
        )
    kept = backend_of(sandbox).name if sandbox.exists else made.backend
    if kept != made.backend:
        reasons.append(f"it is of the backend {made.backend}, sandbox {sandbox.name} is on {kept}")
    if not sandbox.exists and made.backend != "embedded":
        reasons.append("its outside world is gone: there is no broker to take up with")
    if reasons:
        hint = f"`tradectl up --backend {made.backend}{change.flag(sandbox)}` makes a sandbox for it"
        raise TradectlError(f"backup {made.id} does not fit: {'; '.join(reasons)}", hint, ExitCode.CONFLICT)


def _files(
    backend: Backend,
    store: Store,
    key: bytes,
    made: Manifest,
    folder: Path,
    wanted: Wanted,
    listen: Listener,
    *,
    fresh: bool,
) -> Restored:
    """On embedded parts all is files, the outside world too."""
    sandbox, running = backend.sandbox, backend.sandbox.in_use()
    data, secrets = folder / "data", folder / KEYS
    try:
        for piece in made.pieces:
            target = secrets if piece.name == KEYS else data / piece.name.removeprefix(DATA)
            unpack(store, made, piece, key, target)
    except BaseException:
        if fresh:
            sandbox.remove()
        raise
    with _stopped(backend, listen, running=running), change.whole(sandbox, _change(wanted)):
        if fresh:
            keep(sandbox, RunSettings(**{**made.settings, "only": tuple(made.settings["only"])}))
        files.swap(data, sandbox.data)
        files.copy_file(secrets, sandbox.secrets)
        listen(StackEvent(kind="restored", part="files"))
    return Restored(made, made.taken, running, 0.0)


@contextmanager
def _stopped(backend: Backend, listen: Listener, *, running: bool) -> Iterator[None]:
    if running:
        with rest.stopped(backend, listen):
            yield
    else:
        yield


def _servers(
    backend: Containers, store: Store, key: bytes, made: Manifest, folder: Path, wanted: Wanted, listen: Listener
) -> Restored:
    from tradectl.backup import gathering, replacing

    sandbox, running = backend.sandbox, backend.sandbox.in_use()
    if running:
        check_ours(backend)
    material = gathering.gathered(store, key, made, folder, wanted)
    with _without_services(backend, listen, running=running), change.whole(sandbox, _change(wanted)):
        replaced = replacing.replace(backend, material, listen)
        with replacing.reached(backend, listen) as found:
            replacing.settle(found)
    done = Restored(made, replaced.last or made.taken, running, 0.0, replaced)
    lost.note(sandbox.losses, Lost(done.moment, time.time_ns() // 1_000))
    if running:
        done.adopted = adopt(backend)
    return done


@contextmanager
def _without_services(backend: Containers, listen: Listener, *, running: bool) -> Iterator[None]:
    """The platform ends, the world outside goes on; afterwards the platform is back."""
    if not running:
        yield
        return
    services = [child.name for child in backend.layout() if child.service]
    rest.check_not_elsewhere(backend)
    try:
        control.steer(backend, services, "stopped", rest.STOP_WITHIN)
        yield
    finally:
        with interrupts_ignored():
            if change.begun(backend.sandbox) is None:
                rest.resume(backend, listen)


def _change(wanted: Wanted) -> Change:
    return Change("restore", wanted.said, wanted.store)
