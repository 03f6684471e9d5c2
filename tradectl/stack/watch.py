"""Looks at the sources, and restarts the children whose rooms were written to."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tradectl.errors import TradectlError
from tradectl.stack import control
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.children import Layout
from tradectl.stack.state import Sandbox
from tradectl.stack.warm import ROOT, SHARED, STACK, room_of, sources

EVERY = 0.2
"""Seconds between two looks."""
REST = 0.1
"""Seconds without a change: an editor, or a checkout, has written all that it will."""
WITHIN = 60.0
"""Seconds for what was restarted to be ready."""
KERNEL = "services.kernel"


@dataclass(frozen=True)
class Restarted:
    """What became of a change; ``error`` where it did not work."""

    files: tuple[str, ...]
    children: tuple[str, ...]
    seconds: float
    error: TradectlError | None = None


class Sources:
    """Our source files, and when each was last written to."""

    def __init__(self) -> None:
        self._seen = self._look()

    def changes(self) -> set[Path]:
        """Files written, made or removed since the last look."""
        now = self._look()
        changed = {path for path in now.keys() | self._seen.keys() if now.get(path) != self._seen.get(path)}
        self._seen = now
        return changed

    @staticmethod
    def _look() -> dict[Path, int]:
        found = {}
        for path in sources():
            try:
                found[path] = path.stat().st_mtime_ns
            except FileNotFoundError:  # removed between the two looks
                continue
        return found


def watch(sandbox: Sandbox, begun: Callable[[], None], tell: Callable[[Restarted], None]) -> None:
    """For as long as the sandbox is up: restart what is changed from the moment at which it has ``begun``."""
    files = Sources()
    begun()
    for changed in _bursts(files, sandbox.in_use):
        began = time.monotonic()
        backend = backend_of(sandbox)
        children = affected(backend.layout(), changed)
        error = None
        if children:
            try:
                with sandbox.exclusively():
                    control.steer(backend, children, "running", WITHIN, again=True)
            except TradectlError as failure:
                error = failure
            names = tuple(sorted(str(path.relative_to(ROOT)) for path in changed))
            tell(Restarted(names, tuple(children), time.monotonic() - began, error))


def _bursts(files: Sources, wanted: Callable[[], bool]) -> Iterator[set[Path]]:
    while wanted():
        time.sleep(EVERY)
        changed = files.changes()
        while changed and (more := _later(files)):
            changed |= more
        if changed:
            yield changed


def _later(files: Sources) -> set[Path]:
    time.sleep(REST)
    return files.changes()


def affected(layout: Layout, changed: set[Path]) -> Sequence[str]:
    """The children that run code of these files."""
    rooms = {room_of(path) for path in changed}
    return [child.name for child in layout if rooms & set(rooms_of(layout, child.name))]


def rooms_of(layout: Layout, child: str) -> Iterator[str]:
    """Whose code a child runs: its parts' own, and what these stand on."""
    yield from (*SHARED - {KERNEL}, STACK)
    for instance in layout[child].instances:
        if layout.topology[instance.part].kind == "service":
            yield from (KERNEL, f"services.{instance.part}")
        else:
            yield "sim"
