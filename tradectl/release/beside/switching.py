"""Which instances run from which tree, changed while the sandbox is up."""

from collections.abc import Mapping
from dataclasses import replace

from tradectl.errors import TradectlError
from tradectl.probes.eventually import eventually
from tradectl.stack import desired
from tradectl.stack.backends.backend import Backend
from tradectl.stack.settings import keep, load

READY_WITHIN = 90.0
DEATHS = 3
"""Starts that fail until nobody waits any more."""


def switch(backend: Backend, trees: Mapping[str, str]) -> None:
    """Start again whoever is to run from another tree than before; TradectlError when one does not come up."""
    sandbox = backend.sandbox
    now = load(sandbox)
    changed = sorted(name for name in now.trees.keys() | trees.keys() if now.trees.get(name) != trees.get(name))
    before = deaths(backend)
    for name in changed:  # each has to say anew that it is ready
        (sandbox.ready / f"{name}.json").unlink(missing_ok=True)
    keep(sandbox, replace(now, trees=dict(trees)))
    desired.change(sandbox, changed, "running", again=True)

    def look() -> list[str] | None:
        failing = [name for name, count in deaths(backend).items() if count - before[name] >= DEATHS]
        return failing if failing or all(backend.ready(child.name) for child in backend.layout()) else None

    try:
        failing = eventually(look, READY_WITHIN, what="every service ready", every=0.1)
    except TradectlError:
        failing = [child.name for child in backend.layout() if not backend.ready(child.name)]
    if failing:
        raise TradectlError("; ".join(f"{name} does not come up: {_last(backend, name)}" for name in failing))


def deaths(backend: Backend) -> dict[str, int]:
    """By child: how often it ended and nobody had asked it to."""
    return {name: int(told["restarts"]) for name, told in backend.children().items()}


def _last(backend: Backend, name: str) -> str:
    ended = str(backend.children()[name]["ended"]) or "it is not ready"
    file = backend.sandbox.logs / f"{name}.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return f"{ended} ({lines[-1][:300]})" if lines else ended
