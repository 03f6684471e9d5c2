"""A running sandbox, or one that is down with its data kept, copied under a name."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from services.contracts.times import rfc3339
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import change, pause
from tradectl.stack.backends.backend import Backend, Listener
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.backends.compose import Compose
from tradectl.stack.events import StackEvent
from tradectl.stack.lifecycle import interrupts_raised
from tradectl.stack.settings import load as load_settings
from tradectl.stack.snapshots import document, files, rest, shelf
from tradectl.stack.snapshots.document import Snapshot
from tradectl.stack.snapshots.servers import servers
from tradectl.stack.state import Sandbox

DATA = "data"
SECRETS = "secrets.json"


@dataclass(frozen=True)
class Saved:
    """``seconds`` until it went on; ``stood`` of them nobody was served."""

    snapshot: Snapshot
    running: bool
    seconds: float
    stood: float


def save(sandbox: Sandbox, name: str, listen: Listener, *, timeout: float, replace: bool = False) -> Saved:
    """Copy all that the sandbox holds; ``timeout`` is for what is under way to be done."""
    began = time.monotonic()
    with sandbox.exclusively(), interrupts_raised():
        check_there(sandbox)
        change.check(sandbox)
        backend, running = backend_of(sandbox), sandbox.in_use()
        check_reached(backend)
        with shelf.draft(sandbox.name, name, replace=replace) as folder, _at_rest(backend, listen, timeout) as market:
            stands = time.monotonic()
            _copy(backend, folder, listen)
            snapshot = _described(sandbox, name, folder, market)
            document.write(folder, snapshot)
    ended = time.monotonic()
    return Saved(snapshot, running, ended - began, ended - stands if running else 0.0)


def check_there(sandbox: Sandbox) -> None:
    if not sandbox.exists:
        hint = f"`tradectl up{change.flag(sandbox)}` makes it"
        raise TradectlError(f"there is no sandbox {sandbox.name}", hint, ExitCode.NOT_FOUND)


def check_reached(backend: Backend) -> None:
    """TradectlError where the servers' ports cannot be reached from here."""
    if backend.name == Compose.name:
        name = change.flag(backend.sandbox)
        hint = (
            f"`tradectl down{name}`, then `tradectl up --backend compose{name}` begin anew; the backend containers can"
        )
        raise TradectlError("the servers of the backend compose speak with its services alone", hint, ExitCode.CONFLICT)


@contextmanager
def _at_rest(backend: Backend, listen: Listener, timeout: float) -> Iterator[str | None]:
    """Nothing writes; where market time stands, if somebody knows it."""
    if not backend.sandbox.in_use():
        yield None
        return
    with rest.drained(backend, listen, timeout) as found:
        yield found.market


def _copy(backend: Backend, folder: Path, listen: Listener) -> None:
    with servers(backend, listen) as found:
        found.check_drained()
        found.dump(folder)
    began = time.monotonic()
    files.copy(backend.sandbox.data, folder / DATA)
    files.copy_file(backend.sandbox.secrets, folder / SECRETS)
    listen(StackEvent(kind="copied", part="files", seconds=time.monotonic() - began))


def _described(sandbox: Sandbox, name: str, folder: Path, market: str | None) -> Snapshot:
    settings, pace = load_settings(sandbox), pause.known(sandbox)
    return Snapshot(
        name=name,
        sandbox=sandbox.name,
        taken=rfc3339(time.time_ns() // 1_000),
        backend=settings.backend,
        market=market,
        pace=None if pace is None else asdict(pace),
        tradectl=document.release(),
        schema=document.schema(),
        settings=asdict(settings),
        files=files.sizes(folder),
    )
