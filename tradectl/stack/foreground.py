"""A service in the process of a command, in the place of its supervised child: for a debugger, or to watch it work."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import change, control, desired, ports
from tradectl.stack.backends.backend import Backend
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.backends.local import not_up
from tradectl.stack.children import Child
from tradectl.stack.state import Sandbox

WITHIN = 30.0
"""Seconds for the child to give way, and to be back."""
Say = Callable[[str], None]


def run(sandbox: Sandbox, name: str, show: Callable[[bytes], None], say: Say) -> ExitCode:
    """Be a service until interrupted; ``show`` gets its log lines, ``say`` what happens to it."""
    if not sandbox.in_use():
        raise not_up(sandbox)
    backend = backend_of(sandbox)
    child, *_ = control.meant(sandbox, backend.layout(), name)
    from tradectl.stack import host, warm
    from tradectl.stack.resources import charge_of

    warm.load_child(backend.layout(), child)
    with desired.held(sandbox, child.name) as mine:
        if not mine:
            raise TradectlError(f"another terminal runs {child.name}", "end it there first", ExitCode.CONFLICT)
        with _gone(backend, child, say), _sockets(backend, child) as sockets:
            say(f"{child.name} runs here; interrupt it to give it back")
            return host.run_here(charge_of(sandbox, child.name, sockets, been_up=True), sandbox.in_use, show)


@contextmanager
def _gone(backend: Backend, child: Child, say: Say) -> Iterator[None]:
    """The supervised child gives way, and is back afterwards."""
    with backend.sandbox.exclusively():
        change.check(backend.sandbox)
        control.steer(backend, [child.name], "elsewhere", WITHIN)
    try:
        yield
    finally:
        if backend.sandbox.in_use():
            say(f"{child.name} goes back to the supervisor")
            control.steer(backend, [child.name], "running", WITHIN)


@contextmanager
def _sockets(backend: Backend, child: Child) -> Iterator[Mapping[str, socket.socket]]:
    """The child's ports, which the supervisor has left."""
    given = ports.remembered(backend.sandbox.ports)
    with ExitStack() as closing:
        yield {name: closing.enter_context(ports.take(name, given[name])) for name in backend.layout().own_ports(child)}
