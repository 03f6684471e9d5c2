"""A full backup of the platform's schemas on a server."""

import time

from tradectl.backup import dumping
from tradectl.backup.address import BACKEND
from tradectl.backup.laying import Laying
from tradectl.backup.manifest import Manifest
from tradectl.backup.programs import Login, at
from tradectl.backup.programs.programs import Programs
from tradectl.backup.schemas import ours
from tradectl.backup.store import Store
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.backends.backend import Listener
from tradectl.stack.events import StackEvent
from tradectl.stack.lifecycle import interrupts_raised


def create(login: Login, name: str, store: Store, key: bytes, listen: Listener, *, keep: int | None = None) -> Manifest:
    """Under this name in the store; on any failure what lay there before is as it was."""
    began = time.monotonic()
    laying = Laying(name, BACKEND, {}, store, key, keep)
    with interrupts_raised(), laying.undone_on_failure():
        with at(login) as run:
            dumping.dump(laying, run, there(run, login))
        listen(StackEvent(kind="copied", part="databases", seconds=time.monotonic() - began))
        return laying.finish(time.monotonic() - began)


def there(run: Programs, login: Login) -> list[str]:
    """The platform's schemas that the server has; TradectlError when it has none."""
    found = [name for name in run.answer("SHOW DATABASES").splitlines() if ours(name)]
    if not found:
        hint = "look at the address, and whether this user may see them"
        raise TradectlError(f"{login} has no schema of the platform", hint, ExitCode.NOT_FOUND)
    return found
