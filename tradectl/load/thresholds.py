"""What a run is held to, as one writes it: ``p99(order)<200ms``, ``errors<1%``, ``rate(order)>=50/s``."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tradectl.errors import ExitCode, TradectlError

LINE = re.compile(
    r"\s*(?P<what>p\d{1,2}(?:\.\d+)?|mean|max|errors|unexpected|rate|memory)\s*(?:\((?P<name>[a-z_*]+)\))?"
    r"\s*(?P<sign><=|>=|<|>)\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>us|ms|s|%|/s)?\s*"
)
SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
UNITS: Mapping[str, float] = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "%": 0.01, "/s": 1.0}
SHARES = ("errors", "unexpected", "memory")
ALL = "*"
HINT = (
    "p99(order)<200ms, errors<1%, unexpected<=0%, rate(order)>=50/s or memory<2%; the name in brackets may be left out"
)


class Measured(Protocol):
    """What thresholds are held against. ``name`` is a kind of request, or ``*``; latencies in seconds."""

    def quantile(self, name: str, share: float) -> float: ...

    def mean(self, name: str) -> float: ...

    def error_share(self, name: str) -> float: ...

    def unexpected_share(self, name: str) -> float: ...

    def rate(self, name: str) -> float: ...

    def memory_growth(self) -> float: ...

    def count(self, name: str) -> int: ...


@dataclass(frozen=True)
class Threshold:
    """``limit`` in seconds, as a share, or a second."""

    text: str
    what: str
    name: str
    sign: str
    limit: float

    def value(self, run: Measured) -> float | None:
        """What was measured; None where there was nothing to measure."""
        if self.what == "memory":
            return run.memory_growth()
        if self.what != "rate" and not run.count(self.name):
            return None
        match self.what:
            case "mean":
                return run.mean(self.name)
            case "max":
                return run.quantile(self.name, 1.0)
            case "errors":
                return run.error_share(self.name)
            case "unexpected":
                return run.unexpected_share(self.name)
            case "rate":
                return run.rate(self.name)
        return run.quantile(self.name, float(self.what[1:]) / 100)

    def holds(self, run: Measured) -> bool:
        """What was never measured does not hold."""
        value = self.value(run)
        return value is not None and SIGNS[self.sign](value, self.limit)


def parse(text: str) -> Threshold:
    """TradectlError unless it is one, in units that fit."""
    found = LINE.fullmatch(text)
    if found is None:
        raise TradectlError(f"{text!r} is no threshold", HINT, ExitCode.USAGE)
    what, unit = found["what"], found["unit"] or ""
    if unit not in _fitting(what):
        fitting = ", ".join(unit for unit in _fitting(what) if unit)
        raise TradectlError(f"{text!r}: {what} is given in {fitting}", HINT, ExitCode.USAGE)
    return Threshold(text.strip(), what, found["name"] or ALL, found["sign"], float(found["number"]) * UNITS[unit])


def _fitting(what: str) -> tuple[str, ...]:
    return {**dict.fromkeys(SHARES, ("%",)), "rate": ("/s",)}.get(what, ("ms", "us", "s"))


def shown(threshold: Threshold, value: float | None) -> str:
    """A measured value in the unit of people."""
    if value is None:
        return "nothing measured"
    if threshold.what in SHARES:
        return f"{value * 100:.2f} %"
    return f"{value:.1f}/s" if threshold.what == "rate" else f"{value * 1_000:.1f} ms"
