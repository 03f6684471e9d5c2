"""Which backend a sandbox has."""

from collections.abc import Mapping

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.backends.backend import Backend
from tradectl.stack.backends.embedded import Embedded
from tradectl.stack.backends.local import Local
from tradectl.stack.settings import load
from tradectl.stack.state import Sandbox

BACKENDS: Mapping[str, type[Local]] = {"embedded": Embedded}


def backend_of(sandbox: Sandbox, name: str | None = None) -> Backend:
    """By its name, else the one that the sandbox was started with."""
    kept = name or (load(sandbox).backend if sandbox.exists else "embedded")
    if kept not in BACKENDS:
        raise TradectlError(f"there is no backend {kept!r}", f"one of: {', '.join(BACKENDS)}", ExitCode.USAGE)
    return BACKENDS[kept](sandbox)
