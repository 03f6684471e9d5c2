"""Events that a consumer has set aside: read, and put back."""

from collections.abc import Sequence
from typing import Any

from tradectl.overview.asking import ask, door
from tradectl.stack.state import Sandbox
from tradectl.stack.topology import platform


def consuming() -> list[str]:
    """The services that consume events."""
    return [part.name for part in platform() if part.consumes]


def letters(sandbox: Sandbox, service: str) -> list[dict[str, Any]]:
    """The dead letters of a service: ``service``, ``id``, ``reason``, ``time`` (microseconds), ``envelope``."""
    items = ask("GET", page(sandbox, service), key=sandbox.keys()["key"])["items"]
    return [{"service": service, **item} for item in items]


def replay(sandbox: Sandbox, service: str, ids: Sequence[int] = ()) -> dict[str, Any]:
    """Put these back into the service's queue, or all: ``replayed``."""
    body = {"ids": list(ids)} if ids else {}
    done: dict[str, Any] = ask("POST", f"{page(sandbox, service)}/replay", body=body, key=sandbox.keys()["key"])
    return done


def page(sandbox: Sandbox, service: str) -> str:
    """TradectlError when the sandbox is not up."""
    return f"{door(sandbox, service)}/internal/dead-letters"
