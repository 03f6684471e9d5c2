"""The lines of a watchlist: pure text and ink."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from tradectl.tui.figures import number
from tradectl.tui.widgets.alphabet import Alphabet
from tradectl.tui.widgets.rows import Row, Span, fitted, left, merged, right
from tradectl.tui.widgets.scale import short
from tradectl.tui.widgets.sparkline import sparkline

SPARK = 12


@dataclass(frozen=True, slots=True)
class Watched:
    """A quote as a watchlist shows it; ``change`` in percent since the day before, ``digits`` are its prices'."""

    symbol: str
    last: Decimal | None = None
    change: Decimal | None = None
    bid: Decimal | None = None
    ask: Decimal | None = None
    volume: Decimal = Decimal(0)
    digits: int = 2
    stale: bool = False
    spark: Sequence[float] = ()


@dataclass(frozen=True)
class Columns:
    """Widths; a column of nothing is left out, first the sparkline, then bid and ask, then the volume."""

    symbol: int
    last: int
    change: int
    quote: int
    volume: int
    spark: int


@lru_cache(maxsize=64)
def columns(width: int) -> Columns:
    """What fits into so many cells."""
    symbol, last, change = 10, 11, 9
    free = width - symbol - last - change
    volume = 8 if free >= 8 else 0
    free -= volume
    quote = 11 if free >= 22 else 0
    free -= 2 * quote
    spark = SPARK if free >= SPARK + 1 else 0
    return Columns(symbol, last, change, quote, volume, spark)


def heads_row(heads: Sequence[str], width: int) -> Row:
    """Symbol, last, change, bid, ask, volume."""
    symbol, last, change, bid, ask, volume = heads
    place = columns(width)
    line = f" {left(symbol, place.symbol - 1)}{right(last, place.last)}{right(change, place.change)}"
    line += right(bid, place.quote) + right(ask, place.quote) + right(volume, place.volume)
    return fitted(((line, "head"),), width)


def watched_row(each: Watched, width: int, flash: str, cursor: bool, alphabet: Alphabet) -> Row:
    """One symbol; ``flash`` is the ink of a price that has just changed."""
    place = columns(width)
    ink = "dim" if each.stale else _direction(each.change)
    sign = alphabet.stale if each.stale else {"up": alphabet.up, "down": alphabet.down}.get(ink, alphabet.flat)
    change = f"{each.change:+.2f}" if each.change is not None else ""
    spans: list[Span] = [
        ((alphabet.cursor if cursor else " ") + left(each.symbol, place.symbol - 1), "strong"),
        (right(_price(each.last, each.digits), place.last - 1), flash or ink),
        (right(f"{change} {sign}", place.change), ink),
        (right(_price(each.bid, each.digits), place.quote), "dim"),
        (right(_price(each.ask, each.digits), place.quote), "dim"),
        (right(short(float(each.volume)), place.volume), "dim"),
    ]
    if place.spark:
        spans.append((" " + sparkline(each.spark, place.spark, alphabet), ink))
    line = fitted(merged(spans), width)
    return (
        tuple((text, ink if ink.startswith("flash") else f"{ink} cursor".strip()) for text, ink in line)
        if cursor
        else line
    )


def _direction(change: Decimal | None) -> str:
    if not change:
        return ""
    return "up" if change > 0 else "down"


def _price(price: Decimal | None, digits: int) -> str:
    return "" if price is None else number(price, digits)
