"""What must hold before a release goes into an environment, or back out of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tradectl.release.closures import Closures
from tradectl.release.environments import ORDER
from tradectl.release.evidence import Evidence, missing
from tradectl.release.record import Release, misses, stands_between


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A release that is to go into an environment where another one is, or none."""

    environment: str
    release: Release
    there: Release | None
    before: str | None
    """The release of the environment before it, if there is one."""


def standing(asked: Asked, seen: Iterable[Evidence], closures: Closures, now: datetime) -> list[str]:
    """Everything that stands in the way forward, in words."""
    return [
        *closures.why(now),
        *_order(asked),
        *_schema(asked),
        *missing(asked.environment, asked.release, seen),
    ]


def going_back(there: Release, to: Release) -> list[str]:
    """Why an environment cannot go back to an earlier release, with the way forward."""
    found = stands_between(there, to)
    if not found:
        return []
    names = ", ".join(f"{each.service} {each.revision}" for each in found)
    forward = f"mend it in a release after {there.version}, or restore a backup from before it"
    return [f"{there.version} has contracted what {to.version} needs ({names}): {forward}"]


def _order(asked: Asked) -> list[str]:
    place = ORDER.index(asked.environment)
    if place == 0 or asked.before == asked.release.version:
        return []
    way = " and ".join(ORDER[:place])
    return [f"{ORDER[place - 1]} has {asked.before or 'nothing'}: a release goes through {way} first"]


def _schema(asked: Asked) -> list[str]:
    if asked.there is None:
        return []
    late = misses(asked.release, asked.there)
    if not late:
        return []
    names = ", ".join(f"{each.service} {each.revision}" for each in late)
    return [f"{names} stands behind a contract that {asked.there.version} has not run: deploy what is between"]
