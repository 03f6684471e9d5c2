"""Colours by meaning, from the theme that is chosen: what is well and what is not differs in every theme's own way."""

from textual.theme import Theme

from tradectl.looks.themes import THEMES

GOOD, DOUBTFUL, BAD, DRAWN, QUIET = "good", "doubtful", "bad", "drawn", "dim"
STATES = {
    **dict.fromkeys(("ready", "ok", "up", "running", "filled"), GOOD),
    **dict.fromkeys(("starting", "degraded", "stopped", "waiting", "elsewhere", "paused", "warning"), DOUBTFUL),
    **dict.fromkeys(("down", "failed", "exited", "absent", "error", "critical", "rejected"), BAD),
}
_chosen = {"theme": THEMES[0]}


def use(theme: Theme) -> None:
    """Of this theme from now on."""
    _chosen["theme"] = theme


def colour(meaning: str) -> str:
    """As Rich takes it."""
    theme = _chosen["theme"]
    bad = f"bold {theme.error or 'red'}"
    by_meaning = {GOOD: theme.success or "", DOUBTFUL: theme.warning or "", BAD: bad, DRAWN: theme.primary}
    return by_meaning.get(meaning, meaning)


def of_state(word: str, otherwise: str = "") -> str:
    """Of a state or a level, or else this."""
    return colour(STATES[word]) if word in STATES else otherwise
