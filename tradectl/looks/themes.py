"""Four themes; what rises and falls has variables of its own, which every theme sets."""

from textual.theme import Theme

DEFAULT = "night"
FALLBACK = {"up": "#4cbf7a", "down": "#e0606e", "flat": "#8b95a5", "flash": "#3a4a63", "grid": "#2b3440"}
"""For themes that are not ours."""
BLUE, ORANGE = "#56b4e9", "#e69f00"
"""Told apart with every kind of colour-blindness (Okabe and Ito)."""

THEMES = (
    Theme(
        "night",
        primary="#5aa9e6",
        secondary="#3f6f96",
        accent="#f2b950",
        foreground="#d8dee9",
        background="#10151c",
        surface="#151c25",
        panel="#1d2631",
        success="#4cbf7a",
        warning="#f2b950",
        error="#e0606e",
        variables=FALLBACK,
    ),
    Theme(
        "day",
        primary="#1f5f99",
        secondary="#6b8fb3",
        accent="#9a5b00",
        foreground="#1b2430",
        background="#f7f8fa",
        surface="#eef1f5",
        panel="#e1e6ed",
        success="#17803d",
        warning="#9a5b00",
        error="#b3243a",
        dark=False,
        variables={"up": "#17803d", "down": "#b3243a", "flat": "#5d6878", "flash": "#c9daf0", "grid": "#ccd3dc"},
    ),
    Theme(
        "safe",
        primary=BLUE,
        secondary="#2f6b93",
        accent="#f0e442",
        foreground="#e6e6e6",
        background="#101418",
        surface="#161c22",
        panel="#1f272f",
        success=BLUE,
        warning="#f0e442",
        error=ORANGE,
        variables={"up": BLUE, "down": ORANGE, "flat": "#9aa4af", "flash": "#3d4a57", "grid": "#2d363f"},
    ),
    Theme(
        "contrast",
        primary="#ffffff",
        secondary="#c0c0c0",
        accent="#ffff00",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#202020",
        success="#00ff66",
        warning="#ffff00",
        error="#ff5555",
        variables={"up": "#00ff66", "down": "#ff5555", "flat": "#c0c0c0", "flash": "#444444", "grid": "#555555"},
    ),
)
NAMES = tuple(theme.name for theme in THEMES)
