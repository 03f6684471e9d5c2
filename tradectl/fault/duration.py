"""How long a fault or a silence lasts, as people write it."""

import re

from services.contracts.faults import LONGEST
from tradectl.errors import ExitCode, TradectlError

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
WRITTEN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def seconds(text: str, longest: float = LONGEST, what: str = "a fault") -> float:
    """``500ms``, ``10s``, ``2m``, ``1h``, ``2d``; TradectlError for what is none, or is too long for what it is of."""
    found = WRITTEN.fullmatch(text)
    length = float(found[1]) * UNITS[found[2]] if found else 0.0
    if not 0 < length <= longest:
        hint = f"a number and ms, s, m, h or d, up to {said(longest)}: --for 10s"
        raise TradectlError(f"{what} cannot last {text}", hint, ExitCode.BAD_INPUT)
    return length


def said(length: float) -> str:
    """Seconds as they are written: in the largest unit of which they are a whole number."""
    unit = max((unit for unit in UNITS if length % UNITS[unit] == 0), key=UNITS.__getitem__)
    return f"{length / UNITS[unit]:g}{unit}"
