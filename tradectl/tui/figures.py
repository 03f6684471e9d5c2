"""How numbers are written: a decimal point in both languages, as it is typed; only the grouping differs."""

from decimal import Decimal

from tradectl.tui.words import language

GROUPS = {"en": ",", "ru": "\u202f"}


def number(value: Decimal | float | None, places: int | None = None, *, sign: bool = False) -> str:
    """Grouped by thousands, with so many places or as many as it has; a dash for none."""
    if value is None:
        return "–"
    form = f"{'+' if sign else ''},{'' if places is None else f'.{places}'}f"
    return format(value, form).replace(",", GROUPS[language()])


def percent(part: Decimal | None, places: int = 2) -> str:
    """A part of one as signed per cent."""
    return "–" if part is None else f"{number(part * 100, places, sign=True)} %"
