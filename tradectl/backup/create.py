"""A full backup: of a sandbox on embedded parts while it runs or not, of one with servers while those run."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path

from tradectl.backup import dumping, sqlite
from tradectl.backup.failures import room_for
from tradectl.backup.laying import Laying
from tradectl.backup.manifest import Manifest
from tradectl.backup.programs import of_sandbox
from tradectl.backup.store import Store
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import change
from tradectl.stack.backends.backend import Backend, Listener
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.events import StackEvent
from tradectl.stack.lifecycle import interrupts_raised
from tradectl.stack.settings import load as load_settings
from tradectl.stack.snapshots.save import check_there
from tradectl.stack.state import Sandbox

KEYS = "secrets.json"
DATA = "data/"
OWN = {"containers", "compose"}
"""Backends whose servers are the sandbox's alone."""


def create(sandbox: Sandbox, store: Store, key: bytes, listen: Listener, *, keep: int | None = None) -> Manifest:
    """Copy all that the sandbox holds into the store; on any failure what lay there before is as it was."""
    began = time.monotonic()
    with sandbox.exclusively(), interrupts_raised():
        check_there(sandbox)
        change.check(sandbox)
        backend, settings = backend_of(sandbox), load_settings(sandbox)
        laying = Laying(sandbox.name, settings.backend, asdict(settings), store, key, keep)
        with laying.undone_on_failure():
            with sandbox.secrets.open("rb") as keys:
                laying.lay(KEYS, keys)
            _copy(backend, laying, listen)
            return laying.finish(time.monotonic() - began)


def _copy(backend: Backend, laying: Laying, listen: Listener) -> None:
    if backend.name == "embedded":
        _copy_files(backend.sandbox, laying, listen)
        return
    check_ours(backend)
    _copy_servers(backend, laying, listen)
    _copy_files(backend.sandbox, laying, listen)


def check_ours(backend: Backend) -> None:
    """TradectlError unless the servers are the sandbox's own, and run."""
    if backend.name not in OWN:
        hint = "`tradectl up --backend containers --name ...` starts a sandbox with servers of its own"
        said = "has no servers" if backend.name == "embedded" else "has not servers of its own"
        raise TradectlError(f"a sandbox on {backend.name} {said}", hint, ExitCode.CONFLICT)
    if not backend.sandbox.infrastructure.exists():
        hint = f"`tradectl up{change.flag(backend.sandbox)}` starts them"
        raise TradectlError("the servers of the sandbox do not run", hint, ExitCode.NOT_UP)


def _copy_files(sandbox: Sandbox, laying: Laying, listen: Listener) -> None:
    """All files as they are at one instant. On containers this is the outside world, which is ahead of the dump; on
    compose that lies in a volume, and there are none.
    """
    began, data = time.monotonic(), sandbox.data
    found = sqlite.files_of(data)
    with scratch(sandbox) as folder, sqlite.instant(found) as connections:
        for path, connection in zip(found, connections, strict=True):
            beside = folder / "copy.db"
            rows = sqlite.copy(connection, beside)
            with beside.open("rb") as source:
                laying.lay(f"{DATA}{path.relative_to(data).as_posix()}", source, partial(dict, rows))
            beside.unlink()
    listen(StackEvent(kind="copied", part="files", seconds=time.monotonic() - began))


def _copy_servers(backend: Backend, laying: Laying, listen: Listener) -> None:
    began = time.monotonic()
    with of_sandbox(backend.sandbox) as run:
        dumping.dump(laying, run, [service.name for service in backend.layout().topology.services if service.database])
    listen(StackEvent(kind="copied", part="databases", seconds=time.monotonic() - began))


@contextmanager
def scratch(sandbox: Sandbox) -> Iterator[Path]:
    """A folder beside the sandbox's files, gone afterwards; a disk that is full says so."""
    with room_for(str(sandbox.root)), tempfile.TemporaryDirectory(prefix=".backup-", dir=sandbox.root) as folder:
        yield Path(folder)
