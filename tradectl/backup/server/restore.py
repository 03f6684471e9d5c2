"""A server's backup put onto a server that has nothing of the platform, and the binary logs up to a moment."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tradectl.backup import dumping, manifest
from tradectl.backup.address import BACKEND
from tradectl.backup.failures import room_for
from tradectl.backup.gathering import gathered
from tradectl.backup.manifest import Manifest
from tradectl.backup.programs import Login, Programs, at
from tradectl.backup.replacing import Replaced, load, replayed
from tradectl.backup.restore import Restored, Wanted, chosen
from tradectl.backup.store import Store
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.backends.backend import Listener
from tradectl.stack.events import StackEvent
from tradectl.stack.lifecycle import interrupts_raised
from tradectl.stack.snapshots import document


def restore(login: Login, name: str, store: Store, key: bytes, wanted: Wanted, listen: Listener) -> Restored:
    """Everything is read and checked before anything is touched."""
    began = time.monotonic()
    with interrupts_raised(), _scratch() as folder:
        made = chosen(store, name, wanted)
        manifest.check(made, key)
        _check(made)
        with at(login) as run:
            check_empty(run, login, made)
            material = gathered(store, key, made, folder, wanted)
            load(run, material.dump)
            listen(StackEvent(kind="restored", part="databases", seconds=time.monotonic() - began))
            replay = replayed(run, material)
            listen(StackEvent(kind="restored", part="logs", seconds=time.monotonic() - began))
    done = Replaced(replay.transactions, replay.last, len(material.events) + len(replay.events.found))
    return Restored(made, replay.last or made.taken, False, time.monotonic() - began, done)


def _check(made: Manifest) -> None:
    """TradectlError CONFLICT when this tradectl, or a server, cannot go on with it."""
    if made.backend != BACKEND:
        hint = "restore it there: without TRADECTL_BACKUP_DATABASE"
        raise TradectlError(f"backup {made.id} is of a sandbox on {made.backend}", hint, ExitCode.CONFLICT)
    if made.schema != document.schema():
        hint = f"restore it with tradectl {made.tradectl}, then migrate"
        raise TradectlError(f"backup {made.id} has other tables than this tradectl", hint, ExitCode.CONFLICT)


def check_empty(run: Programs, login: Login, made: Manifest) -> None:
    """TradectlError CONFLICT when the server has what would be overwritten, or has been where the backup was."""
    schemas = dumping.schemas_of(made)
    if taken := sorted(set(schemas) & set(run.answer("SHOW DATABASES").splitlines())):
        hint = f"nothing is overwritten: name a new server, or DROP DATABASE {', '.join(taken)}"
        raise TradectlError(f"{login} has {', '.join(taken)} already", hint, ExitCode.CONFLICT)
    if run.answer(f"SELECT GTID_SUBTRACT('{made.gtid}', @@GLOBAL.gtid_executed) = '{made.gtid}'") != "1":
        hint = "a log names two histories then: name a new server, or RESET BINARY LOGS AND GTIDS on this one"
        raise TradectlError(f"{login} has had transactions of the backup already", hint, ExitCode.CONFLICT)


@contextmanager
def _scratch() -> Iterator[Path]:
    with room_for(tempfile.gettempdir()), tempfile.TemporaryDirectory(prefix="tradectl-restore-") as folder:
        yield Path(folder)
