"""What is on its way between the parts: queues, outboxes, FIX numbers, as the settled pages say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tradectl.errors import TradectlError
from tradectl.overview.asking import door, endpoints
from tradectl.probes import http
from tradectl.probes.settled import AWAY, Settled
from tradectl.stack.state import Sandbox

NUMBERS = "numbers"
UNDER_WAY = ("unpublished", "queued", "waiting", "dead", "unsent", "unfetched", "behind")


@dataclass(frozen=True)
class Queue:
    """How many of something are under way at a part."""

    part: str
    what: str
    count: int

    @property
    def kind(self) -> str:
        """What of, without whose."""
        return self.what.partition(":")[0]


@dataclass(frozen=True)
class Session:
    """One side's view of a FIX session: the next numbers, and how it says that it is."""

    side: str
    session: str
    next_out: int
    next_in: int
    state: str


def pages(sandbox: Sandbox) -> Mapping[str, Mapping[str, Any]]:
    """The settled page of each part; TradectlError when the sandbox is not up."""
    return Settled(endpoints(sandbox), sandbox.keys()["key"]).pages()


def queues(pages: Mapping[str, Mapping[str, Any]]) -> list[Queue]:
    """Every count of every part, by part; what is under way is not zero."""
    return [
        Queue(part, what, count)
        for part, page in sorted(pages.items())
        for what, count in page.items()
        if isinstance(count, int) and (what in COUNTED or what.startswith(FIX_WAITING))
    ]


COUNTED = {*UNDER_WAY, "mails", "pushes", "unkept", "untold", AWAY}
FIX_WAITING = "unsent:"


def sessions(pages: Mapping[str, Mapping[str, Any]], fix: str) -> list[Session]:
    """Both sides: the order service by its own page, the broker for each of its clients. ``fix`` is orders' check."""
    found = []
    for part, page in sorted(pages.items()):
        for what, numbers in page.items():
            name, _, client = what.partition(":")
            if name == NUMBERS and isinstance(numbers, dict) and "next_out" in numbers:
                state = fix if part == "orders" else ""
                found.append(Session(part, client or "BROKER", numbers["next_out"], numbers["next_in"], state))
    return found


def fix_state(sandbox: Sandbox) -> str:
    """What the order service says of its session: ok, or what is missing."""
    try:
        page = http.get(f"{door(sandbox, 'orders')}/ready").json()
    except (http.UnreachableError, TradectlError) as error:
        return str(error)
    return str(page.get("checks", {}).get("fix", ""))
