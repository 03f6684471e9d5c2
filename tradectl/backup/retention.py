"""Which backups stay: the last of each day, week and month, as many as are asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Policy:
    """How many days, ISO weeks and months have their last backup kept; only those count in which one was made."""

    days: int = 7
    weeks: int = 4
    months: int = 12


@dataclass(frozen=True)
class Kept:
    """A backup as retention sees it; ``taken`` in microseconds since 1970."""

    id: str
    taken: int
    verified: bool


def superfluous(backups: Iterable[Kept], policy: Policy) -> list[Kept]:
    """Those that may go, oldest first: never one before a newer one is verified, and never the newest."""
    ordered = sorted(backups, key=lambda each: (each.taken, each.id))
    wanted = _wanted(ordered, policy)
    proven = max((each.taken for each in ordered if each.verified), default=0)
    return [each for each in ordered[:-1] if each.id not in wanted and each.taken < proven]


def _wanted(ordered: Sequence[Kept], policy: Policy) -> set[str]:
    """Of each period's backups the last one that is verified, else the last."""
    periods = (("%Y-%m-%d", policy.days), ("%G-%V", policy.weeks), ("%Y-%m", policy.months))
    wanted: set[str] = set()
    for form, count in periods:
        last: dict[str, Kept] = {}
        for each in ordered:
            period = datetime.fromtimestamp(each.taken / 1_000_000, UTC).strftime(form)
            if each.verified or period not in last or not last[period].verified:
                last[period] = each
        wanted |= {last[period].id for period in sorted(last)[len(last) - min(count, len(last)) :]}
    return wanted
