"""Signs that a terminal without Unicode has too; direction is never told by colour alone."""

import locale
import os

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
