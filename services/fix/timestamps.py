"""UTCTimestamp and integer microseconds since 1970 (FIX 4.4 volume 1, Data Types).

The standard ends at milliseconds; six and nine digits are read too, and six are written where the platform's own
times must survive the trip. A leap second is read as the first second of the next minute.
"""

import calendar
import re
import time
from functools import lru_cache

SECOND = 1_000_000
TIMESTAMP = re.compile(rb"(\d{4})(\d\d)(\d\d)-([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)")
FRACTION = re.compile(rb"\.(\d{3}|\d{6}|\d{9})")


def timestamp(moment: int) -> bytes:
    """With milliseconds, for SendingTime."""
    second, micros = divmod(moment, SECOND)
    return b"%b.%03d" % (_second(second), micros // 1000)


def timestamp_micros(moment: int) -> bytes:
    """With microseconds, for TransactTime."""
    second, micros = divmod(moment, SECOND)
    return b"%b.%06d" % (_second(second), micros)


def microseconds(value: bytes) -> int:
    """Read a UTCTimestamp; ValueError when it is not one."""
    second = _epoch(value[:17])
    if len(value) == 17:
        return second * SECOND
    fraction = FRACTION.fullmatch(value, 17)
    if fraction is None:
        raise ValueError(f"{value!r} is not a UTCTimestamp")
    return second * SECOND + int(fraction[1].ljust(6, b"0")[:6])


@lru_cache(maxsize=256)
def _second(second: int) -> bytes:
    return time.strftime("%Y%m%d-%H:%M:%S", time.gmtime(second)).encode()


@lru_cache(maxsize=4096)
def _epoch(value: bytes) -> int:
    parts = TIMESTAMP.fullmatch(value)
    if parts is None:
        raise ValueError(f"{value!r} is not a UTCTimestamp")
    year, month, day, hour, minute, second = map(int, parts.groups())
    if not (year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        raise ValueError(f"{value!r} is not a date")
    return calendar.timegm((year, month, day, hour, minute, second))
