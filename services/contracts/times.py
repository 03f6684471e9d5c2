"""Times are integers of microseconds since 1970 UTC inside, RFC 3339 in UTC with microseconds outside."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from services.contracts.clock import DAY, HOUR, MILLISECOND, MINUTE, SECOND

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNITS = {"d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND, "ms": MILLISECOND}
PART = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)(ms|[dhms])", re.ASCII)
DURATION = re.compile(rf"(?:{PART.pattern})+", re.ASCII)
LONGEST = 36_525 * DAY


def rfc3339(moment: int) -> str:
    """``2024-08-08T07:10:00.000000Z``."""
    second, microseconds = divmod(moment, 1_000_000)
    return f"{_second(second)}.{microseconds:06}Z"


@lru_cache(4_096)
def _second(second: int) -> str:
    """Kept, because what happens in one second is written many times."""
    return (EPOCH + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%S")


def from_rfc3339(text: str) -> int:
    """Microseconds since 1970 UTC; ValueError when it is no time or has no zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} names no time zone")
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_duration(text: str) -> int:
    """Microseconds of ``90s``, ``5m``, ``1h30m``, ``500ms``, ``2d``; ValueError when it is none, or nothing at all."""
    if not DURATION.fullmatch(text):
        raise ValueError(f"{text!r} is no duration")
    length = sum(Decimal(number) * UNITS[unit] for number, unit in PART.findall(text))
    if not 0 < length <= LONGEST or length % 1:
        raise ValueError(f"{text!r} is no whole number of microseconds up to {LONGEST // UNITS['d']} days")
    return int(length)
