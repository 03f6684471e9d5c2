"""Mails and pushes that notifications have given up: read, and tried again."""

from collections.abc import Sequence
from typing import Any, Literal

from tradectl.overview.asking import ask, door
from tradectl.stack.state import Sandbox

Kind = Literal["deliveries", "pushes"]
"""Mails, or pushes, as the service's pages name them."""
MOST = "200"


def undelivered(sandbox: Sandbox, kind: Kind) -> list[dict[str, Any]]:
    """The latest of them first: ``notification_id``, ``attempts``, ``error``, and where they should have gone."""
    items: list[dict[str, Any]] = ask("GET", page(sandbox, kind), key=sandbox.keys()["key"], limit=MOST)["items"]
    return items


def retry(sandbox: Sandbox, kind: Kind, ids: Sequence[str] = ()) -> int:
    """Have these notifications' messages tried again, or all; how many that are."""
    body = {"ids": list(ids)} if ids else {}
    done = ask("POST", f"{page(sandbox, kind)}/replay", body=body, key=sandbox.keys()["key"])
    return int(done["replayed"])


def page(sandbox: Sandbox, kind: Kind) -> str:
    """TradectlError when the sandbox is not up."""
    return f"{door(sandbox, 'notifications')}/internal/{kind}/dead"
