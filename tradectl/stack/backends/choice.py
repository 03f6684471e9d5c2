"""Which backend a sandbox has."""

from collections.abc import Mapping

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.backends.backend import Backend, Listener
from tradectl.stack.backends.compose import Compose
from tradectl.stack.backends.containers import Containers
from tradectl.stack.backends.embedded import Embedded
from tradectl.stack.backends.external import External
from tradectl.stack.backends.local import Local
from tradectl.stack.events import StackEvent
from tradectl.stack.settings import Wanted, load
from tradectl.stack.state import Sandbox

BACKENDS: Mapping[str, type[Local]] = {each.name: each for each in (Embedded, Containers, External, Compose)}
OUTSIDE = ["sim"]


def backend_of(sandbox: Sandbox, name: str | None = None) -> Backend:
    """By its name, else the one that the sandbox was started with."""
    kept = name or (load(sandbox).backend if sandbox.exists else Embedded.name)
    if kept not in BACKENDS:
        raise TradectlError(f"there is no backend {kept!r}", f"one of: {', '.join(BACKENDS)}", ExitCode.USAGE)
    return BACKENDS[kept](sandbox)


def chosen(sandbox: Sandbox, wanted: Wanted, listen: Listener) -> str | None:
    """The backend of a sandbox that is new and was not given one, told with the reason; None where nothing is open."""
    if wanted.backend is not None or sandbox.exists:
        return wanted.backend
    why = "the outside world needs no servers" if wanted.only == OUTSIDE else unusable()
    name = Containers.name if why is None else Embedded.name
    listen(StackEvent(kind="chosen", part=name, text=why or "an engine answers, and the images can be had"))
    return name


def unusable() -> str | None:
    """Why services cannot have servers in containers here; None when they can."""
    from tradectl.stack import containers

    return containers.usable(containers.images())
