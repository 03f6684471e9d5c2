"""Exact amounts: integers in a scale (number of decimals), decimal strings outside; no float anywhere.

A price of 61837.63 at scale 2 is 6183763; a quantity of 0.02 at scale 5 is 2000. The *value* of a trade is
price x quantity, exact, at the sum of both scales; its *cost* is the value rounded to the currency's minor unit.
"""

import re

CURRENCY_SCALES = {"USD": 2, "RUB": 2, "USDT": 6}
PPM = 1_000_000
DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,18})?", re.ASCII)


def parse(text: str, scale: int) -> int:
    """Read a decimal string at a scale; ValueError when it is not one or has more decimals than the scale."""
    if not DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} is not a decimal number")
    whole, _, fraction = text.partition(".")
    kept, rest = fraction[:scale], fraction[scale:]
    if rest.strip("0"):
        raise ValueError(f"{text} has more than {scale} decimals")
    return int(whole + kept.ljust(scale, "0"))


def text(amount: int, scale: int) -> str:
    """Write an integer at a scale as a decimal string with exactly that many decimals."""
    if not scale:
        return str(amount)
    digits = str(abs(amount)).rjust(scale + 1, "0")
    return f"{'-' if amount < 0 else ''}{digits[:-scale]}.{digits[-scale:]}"


def cost(value: int, value_scale: int, currency: str) -> int:
    """Round an exact value to minor units, half up; of a running total, so that parts add up to the whole."""
    return rescale(value, value_scale, CURRENCY_SCALES[currency])


def rescale(value: int, scale: int, target: int) -> int:
    """Move a non-negative integer from one scale to another, rounding half up."""
    if target >= scale:
        return int(value * 10 ** (target - scale))
    unit = 10 ** (scale - target)
    return int((value + unit // 2) // unit)


def cost_up(value: int, value_scale: int, currency: str) -> int:
    """Round an exact value up to minor units: what must be reserved for it."""
    target = CURRENCY_SCALES[currency]
    if target >= value_scale:
        return int(value * 10 ** (target - value_scale))
    return int(-(-value // 10 ** (value_scale - target)))


def fee(cost_minor: int, rate_ppm: int) -> int:
    """The fee in minor units on a cost at a rate in parts per million, rounded up."""
    return -(-cost_minor * rate_ppm // PPM)


def percent(part: int, whole: int) -> str:
    """A part of something positive in per cent, two decimals, rounded half away from zero."""
    hundredths = (2 * abs(part) * 10_000 + whole) // (2 * whole)
    return text(-hundredths if part < 0 else hundredths, 2)
