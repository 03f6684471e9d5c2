"""Times are integers of microseconds since 1970 UTC inside, RFC 3339 in UTC with microseconds outside."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
