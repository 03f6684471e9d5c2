"""The characters that widgets draw with: those of a terminal of today, and those of any."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from tradectl.looks import glyphs

Pixels = Literal["braille", "half", "ascii"]


@dataclass(frozen=True)
class Alphabet:
    """One alphabet; ``candle`` is asked by what is in the upper and the lower half: nothing, wick, body (0, 1, 2)."""

    pixels: Pixels
    bars: str
    """From empty to full, in equal steps."""
    up: str
    down: str
    flat: str
    dot: str
    rule: str
    corner: str
    cursor: str
    stale: str
    thin: tuple[str, ...]
    """A candle of one column, by three times the upper half plus the lower."""
    wide: tuple[str, ...]
    """The same for what stands beside the wick's column; a wick there is nothing."""
    core: tuple[str, ...]
    """The same for the wick's column of a wide candle."""
    hollow: Mapping[str, str] = field(default_factory=dict)
    """What a rising candle's body has instead, where colour does not tell it from a falling one."""


UNICODE = Alphabet(
    pixels="braille",
    bars=" ▁▂▃▄▅▆▇█",
    up="▲",
    down="▼",
    flat="·",
    dot="┈",
    rule="│",
    corner="└",
    cursor="▸",
    stale="◌",
    thin=(" ", "╷", "╻", "╵", "│", "╽", "╹", "╿", "┃"),
    wide=(" ", " ", "▄", " ", " ", "▄", "▀", "▀", "█"),
    core=(" ", "╷", "▄", "╵", "│", "▄", "▀", "▀", "█"),
)
ASCII = Alphabet(
    pixels="ascii",
    bars=" .:-=+*#@",
    up="^",
    down="v",
    flat="-",
    dot=".",
    rule="|",
    corner="+",
    cursor=">",
    stale="?",
    thin=(" ", "|", "#", "|", "|", "#", "#", "#", "#"),
    wide=(" ", " ", "#", " ", " ", "#", "#", "#", "#"),
    core=(" ", "|", "#", "|", "|", "#", "#", "#", "#"),
    hollow={"#": "O"},
)
COLOURLESS = replace(UNICODE, hollow={"┃": "║", "█": "░"})


def chosen() -> Alphabet:
    """What the terminal draws with."""
    if glyphs.ascii_only():
        return ASCII
    return COLOURLESS if os.environ.get("NO_COLOR") else UNICODE
