"""Prices by the market: ``bid - 2%``, ``ask + 3 ticks``, ``reference``, ``low``, ``high``; always on tick."""

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from tradectl.scenario.jmes import plain

PRICE = re.compile(
    r"(?P<base>bid|ask|last|reference|low|high)(?:\s*(?P<sign>[-+])\s*(?P<by>\d+(?:\.\d+)?)\s*(?P<unit>%|ticks?))?"
)
QUOTED = {"bid", "ask", "last"}
Json = Mapping[str, Any]


def is_market_price(text: str) -> bool:
    """Whether it is to be worked out, or stands as it is."""
    return PRICE.fullmatch(text.strip()) is not None


def price(text: str, instrument: Json, quote: Callable[[], Json]) -> str:
    """The price as a decimal, rounded down to a tick; what is no price by the market stays as it is.

    ``quote`` is asked for bid, ask and last only; ValueError when nobody quotes them.
    """
    match = PRICE.fullmatch(text.strip())
    if match is None:
        return text
    tick = Decimal(instrument["tick"])
    base = _base(match["base"], instrument, quote)
    by = Decimal((match["sign"] or "+") + (match["by"] or "0"))
    moved = base * (1 + by / 100) if match["unit"] == "%" else base + by * tick
    return plain((moved / tick).to_integral_value(ROUND_FLOOR) * tick)


def _base(name: str, instrument: Json, quote: Callable[[], Json]) -> Decimal:
    if name in QUOTED:
        found = quote()[name]
    elif name == "reference":
        found = instrument["reference_price"]
    else:
        found = (instrument["price_band"] or {}).get(name)
    if found is None:
        raise ValueError(f"{instrument['symbol']} has no {name} now")
    return Decimal(found)
