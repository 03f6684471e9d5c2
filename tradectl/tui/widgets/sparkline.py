"""A row of values in one line of text."""

from collections.abc import Sequence

from tradectl.tui.widgets.alphabet import UNICODE, Alphabet


def sparkline(values: Sequence[float], width: int, alphabet: Alphabet = UNICODE) -> str:
    """The last ``width`` values between their lowest and highest, right-aligned; without any, blanks."""
    shown = values[-width:] if width > 0 else ()
    if not shown:
        return " " * width
    low, high = min(shown), max(shown)
    levels = alphabet.bars[1:]
    if high == low:
        return (levels[len(levels) // 2] * len(shown)).rjust(width)
    scale = (len(levels) - 1) / (high - low)
    return "".join(levels[round((value - low) * scale)] for value in shown).rjust(width)


def thinned(values: Sequence[float], most: int) -> list[float]:
    """The last of each of ``most`` equal stretches, where there are more values than that."""
    count = len(values)
    if count <= most:
        return list(values)
    return [values[(index + 1) * count // most - 1] for index in range(most)]
