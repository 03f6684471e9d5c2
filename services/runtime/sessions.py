"""What sessions of numbered messages are measured by, at either end of them."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol

from services.contracts.metrics import fix as declared
from services.runtime.metrics import Metrics

KNOWN = frozenset(["0", "1", "2", "3", "4", "5", "8", "9", "A", "D", "F", "G", "H", "j", "q", "r"])
OTHER = "other"
"""A peer may send any type: what is not known is one."""
RESEND_REQUEST = ("out", "2")


class Numbers(Protocol):
    """The next ones of a session."""

    @property
    def next_in(self) -> int: ...

    @property
    def next_out(self) -> int: ...


class Session(Protocol):
    """As much of an endpoint as is measured."""

    logons: int

    @property
    def counts(self) -> Mapping[tuple[str, str], int]: ...

    @property
    def logged_on(self) -> bool: ...

    @property
    def numbers(self) -> Numbers | None: ...


class Named(NamedTuple):
    """A session by its other side."""

    name: str
    session: Session


def measure(metrics: Metrics, sessions: Callable[[], Iterable[Named]]) -> None:
    """Have them on the page, whichever there are at the time."""

    def each(value: Callable[[Session], float]) -> Callable[[], dict[tuple[str, ...], float]]:
        return lambda: {(name,): value(session) for name, session in sessions()}

    metrics.gauge(declared.UP).read_all(each(lambda session: session.logged_on))
    metrics.counter(declared.LOG_ONS).read_all(each(lambda session: session.logons))
    metrics.counter(declared.RESENDS).read_all(each(lambda session: session.counts.get(RESEND_REQUEST, 0)))
    metrics.gauge(declared.NEXT).read_all(lambda: numbers(sessions()))
    metrics.counter(declared.MESSAGES).read_all(lambda: counts(sessions()))


def numbers(sessions: Iterable[Named]) -> dict[tuple[str, ...], float]:
    """The next numbers by session and direction; of one that was not loaded there are none."""
    found: dict[tuple[str, ...], float] = {}
    for name, session in sessions:
        if session.numbers is not None:
            found |= {(name, "in"): session.numbers.next_in, (name, "out"): session.numbers.next_out}
    return found


def counts(sessions: Iterable[Named]) -> dict[tuple[str, ...], float]:
    """Messages by session, direction and type."""
    found: dict[tuple[str, ...], float] = {}
    for name, session in sessions:
        for (direction, kind), count in session.counts.items():
            labels = (name, direction, kind if kind in KNOWN else OTHER)
            found[labels] = found.get(labels, 0) + count
    return found
