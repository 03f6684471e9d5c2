"""How long a fault lasts, as people write it."""

import re

from services.contracts.faults import LONGEST
from tradectl.errors import ExitCode, TradectlError

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0}
WRITTEN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")


def seconds(text: str) -> float:
    """``500ms``, ``10s``, ``2m``, ``1h``; TradectlError for what is none, or is too long."""
    found = WRITTEN.fullmatch(text)
    length = float(found[1]) * UNITS[found[2]] if found else 0.0
    if not 0 < length <= LONGEST:
        hint = "a number and ms, s, m or h, up to 1h: --for 10s"
        raise TradectlError(f"a fault cannot last {text}", hint, ExitCode.BAD_INPUT)
    return length
