"""The warm parent: everything that a child will import is imported once, and forked with it.

A file that was changed since is imported anew by the child: the parent's modules are dropped there.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path

from tradectl.stack.children import Child, Layout

ROOT = Path(__file__).parents[2]
OURS = ("services", "sim", "tradectl")
LIBRARIES = "services.kernel.libraries:load"
"""Loads what the kernel imports only where a URL asks for it."""


def load(entry: str) -> Callable[..., object]:
    """What is behind ``module:function``: the only way in which the tool reaches into a part."""
    module, _, function = entry.partition(":")
    loaded: Callable[..., object] = getattr(import_module(module), function)
    return loaded


STACK = "tradectl.stack"
SHARED = {f"services.{room}" for room in ("contracts", "fix", "kernel", "runtime")}


def load_all(layout: Layout) -> None:
    """Import all that the children will."""
    if any(child.service for child in layout):
        load(LIBRARIES)()
    for part in layout.topology:
        load(part.entry)


def load_child(layout: Layout, child: Child) -> None:
    """Import what one child will."""
    if child.service:
        load(LIBRARIES)()
    for instance in child.instances:
        load(layout.topology[instance.part].entry)


def drop_changed(child: Child, since: float) -> None:
    """In a child, before it imports anything: forget the modules of rooms that were written to since.

    Where other rooms stand on one, they are all forgotten with it.
    """
    changed = {room_of(path) for path in sources() if path.stat().st_mtime > since}
    own = {f"services.{instance.part}" for instance in child.instances}
    if changed & {*SHARED, STACK} or (changed and not child.service):
        drop(OURS)
    else:
        drop(changed & own)
    invalidate_caches()


def room_of(path: Path) -> str:
    """``services.orders`` of a file in services/orders/; the simulators are one room."""
    top, *rest = path.relative_to(ROOT).parts
    return f"{top}.{rest[0]}" if top != "sim" and len(rest) > 1 else top


def sources() -> Iterator[Path]:
    """Every source file of ours."""
    for package in OURS:
        yield from (ROOT / package).rglob("*.py")


def drop(packages: Iterable[str]) -> None:
    """Forget modules: the next import reads them anew."""
    gone = tuple(f"{package}." for package in packages)
    for name in list(sys.modules):
        if f"{name}.".startswith(gone):
            del sys.modules[name]
