"""A price as it stood to the market: what a scenario says instead of a price of one day."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

HUNDREDTH = Decimal("0.01")


def relative(price: str, quote: Mapping[str, Any] | None) -> str:
    """``bid - 2.5%``, above the bid ``ask + 1%``; the price itself where nobody quoted anything."""
    try:
        wanted, bid, ask = (Decimal(str(each)) for each in (price, (quote or {})["bid"], (quote or {})["ask"]))
        name, base = ("bid", bid) if wanted <= bid else ("ask", ask)
        by = ((wanted / base - 1) * 100).quantize(HUNDREDTH, ROUND_HALF_EVEN)
    except (KeyError, ArithmeticError):
        return price
    return name if not by else f"{name} {'-' if by < 0 else '+'} {abs(by).normalize():f}%"
