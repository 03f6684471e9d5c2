"""Whether all that was caused is done: the settled pages of every part, looked at together.

Parts are asked one after the other, so one look proves nothing: what it did not find may have moved on to who was
asked before. Two looks in a row that found nothing, and nothing done between them, do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http
from tradectl.probes.eventually import eventually

BOOKS = ("unpublished", "queued", "waiting", "dead", "unsent", "unfetched", "unsent:ORDERS")
"""What keeps the books from agreeing, wherever it is found."""
BESIDE = ("mails", "pushes")
STANDING = ("behind", "unkept", "untold")
"""What a market that stands has done sooner or later; one that runs has something of it all the time."""
BROKER = "numbers:ORDERS"
KEY = "X-Internal-Key"
EVERY = 0.02
"""Seconds between two looks."""
AWAY = "away"
Pages = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Look:
    """What is under way, by `part.what` (only what is not zero), and what every part says that it has done."""

    under_way: Mapping[str, int]
    done: Mapping[str, object]


class Settled:
    """A probe for `eventually`: True when two looks in a row agree that nothing is under way, else None.

    ``books_only`` leaves out mail and pushes, and whether services have followed a market that stands.
    """

    def __init__(self, endpoints: Mapping[str, str], key: str, *, books_only: bool = False) -> None:
        self._urls = {port.removesuffix(".http"): url for port, url in endpoints.items() if port.endswith(".http")}
        self._key = key
        self._books_only = books_only
        self._last: Look | None = None

    @property
    def under_way(self) -> Mapping[str, int]:
        """As the last look found it."""
        return self._last.under_way if self._last else {}

    def __call__(self) -> bool | None:
        before, self._last = self._last, look_of(self.pages(), books_only=self._books_only)
        return True if not self._last.under_way and self._last == before else None

    def pages(self) -> Pages:
        """What each part says; who does not answer is away."""
        return {part: self._page(url) for part, url in self._urls.items()}

    def _page(self, url: str) -> Mapping[str, Any]:
        try:
            answer = http.get(f"{url}/internal/settled", headers={KEY: self._key})
            page: Mapping[str, Any] = answer.json() if answer.status == 200 else {AWAY: 1}
        except http.UnreachableError:
            return {AWAY: 1}
        return page


def await_rest(settled: Settled, timeout: float, *, hint: str = "") -> None:
    """Return when it is settled; TradectlError naming what is under way after so many seconds."""
    try:
        eventually(settled, timeout, what="at rest", every=EVERY)
    except TradectlError as error:
        raise unsettled(settled.under_way, timeout, hint) from error


def unsettled(left: Mapping[str, int], timeout: float, hint: str = "") -> TradectlError:
    """What is under way still."""
    said = ", ".join(f"{count} {what}" for what, count in sorted(left.items())) or "something new each time"
    if any(what.endswith(f".{AWAY}") for what in left):
        hint = "`tradectl ps` says how it is"
    if any(what.endswith(".dead") for what in left):
        hint = "`tradectl dlq list` says why events were set aside, `tradectl dlq replay` puts them back"
    return TradectlError(f"not at rest within {timeout:g} s: {said}", hint, ExitCode.TIMEOUT)


def look_of(pages: Pages, *, books_only: bool = False) -> Look:
    """What the pages say together."""
    found = {**_counted(pages, (*BOOKS, AWAY)), **_on_the_wire(pages)}
    if not books_only:
        found |= _counted(pages, BESIDE)
        if pages.get("clock", {}).get("stands"):
            found |= {**_counted(pages, STANDING), **_elsewhere(pages), **_unseen(pages)}
    done = {part: (page.get("done"), page.get("numbers"), page.get(BROKER)) for part, page in pages.items()}
    return Look({what: count for what, count in found.items() if count}, done)


def _counted(pages: Pages, names: tuple[str, ...]) -> dict[str, int]:
    return {f"{part}.{name}": int(page[name]) for part, page in pages.items() for name in names if name in page}


def _on_the_wire(pages: Pages) -> dict[str, int]:
    """FIX messages that one side has sent and the other has not kept yet, whoever is to resend them."""
    ours, theirs = pages.get("orders", {}).get("numbers"), pages.get("broker", {}).get(BROKER)
    if not (ours and theirs):
        return {}
    out, back = ours["next_out"] - theirs["next_in"], theirs["next_out"] - ours["next_in"]
    return {"orders.on the wire": abs(out), "broker.on the wire": abs(back)}


def _elsewhere(pages: Pages) -> dict[str, int]:
    """Parts that have not heard yet where market time stands."""
    stands = pages["clock"].get("time")
    return {f"{part}.time": int(page["time"] != stands) for part, page in pages.items() if _follows(part, page)}


def _follows(part: str, page: Mapping[str, Any]) -> bool:
    """The venue's time is that of its last instant."""
    return "time" in page and part not in {"clock", "venue"}


def _unseen(pages: Pages) -> dict[str, int]:
    """Symbols of which the venue has said something that market data has not seen."""
    said = pages.get("venue", {}).get("seqs", {})
    return {
        f"{part}.unseen": sum(said.get(symbol, seq) != seq for symbol, seq in page["seqs"].items())
        for part, page in pages.items()
        if part != "venue" and "seqs" in page
    }
