"""Signs that a terminal without Unicode has too; direction is never told by colour alone."""

import locale
import os

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

GLYPHS = {
    "up": ("▲", "^"),
    "down": ("▼", "v"),
    "flat": ("·", "."),
    "live": ("●", "*"),
    "cut": ("○", "o"),
    "bar": ("│", "|"),
    "line": ("─", "-"),
    "more": ("…", "~"),
    "left": ("◀", "<"),
    "right": ("▶", ">"),
    "check": ("✓", "+"),
    "cross": ("✗", "x"),
}
HORIZONTAL, VERTICAL = "─━═╌╍┄┅┈┉╴╶╸╺▁▂▔▀▄", "│┃║╎╏┆┇┊┋╵╷▌▐▊▎▏▕▍▋▉█"
CORNERS = "┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝╠╣╦╩╬┏┓┗┛┣┫┳┻╋▖▗▘▝▞▚▙▛▜▟"
OTHERS = {"▲": "^", "▼": "v", "●": "*", "○": "o", "…": "~", "◀": "<", "▶": ">", "✓": "+", "✗": "x", "×": "x", "·": "."}
WIDE = {"🔎": "> ", "•": "*", "–": "-"}
DRAWN = str.maketrans(
    dict.fromkeys(HORIZONTAL, "-") | dict.fromkeys(VERTICAL, "|") | dict.fromkeys(CORNERS, "+") | OTHERS | WIDE
)
_chosen = {"ascii": False}


def use_ascii(ascii_only: bool) -> None:
    """Draw with ASCII alone from now on, or not."""
    _chosen["ascii"] = ascii_only


def ascii_only() -> bool:
    """Whether nothing but ASCII may be drawn (Russian words are words, not drawing)."""
    return _chosen["ascii"]


def g(name: str) -> str:
    """A sign."""
    return GLYPHS[name][ascii_only()]


def terminal_is_ascii() -> bool:
    """Whether the terminal's encoding, or the Linux console's font, has no braille and no blocks."""
    return "utf" not in locale.getpreferredencoding(False).lower() or os.environ.get("TERM") == "linux"


class AsciiFilter(LineFilter):
    """Replaces what Textual's own widgets draw their borders, bars and marks with."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 (textual's)
        return [Segment(text.translate(DRAWN), style, control) for text, style, control in segments]
