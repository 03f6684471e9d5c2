"""Why something was refused, in the trader's language; in the platform's own words where there are none."""

from collections.abc import Mapping

from tradectl.tui.words import WORDS, t


def refusal_text(code: str, about: Mapping[str, str], detail: str = "") -> str:
    """A sentence on a code; one whose sentence names what is not known is told by the platform's ``detail``."""
    key = f"refused.{code}"
    if key not in WORDS:
        return detail or code
    try:
        return t(key, **about)
    except KeyError:
        return detail or code
