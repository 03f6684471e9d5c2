"""The four themes."""

import pytest
from textual.theme import Theme

from tradectl.looks.themes import BLUE, FALLBACK, NAMES, ORANGE, THEMES


@pytest.mark.parametrize("theme", THEMES, ids=NAMES)
def test_a_theme_has_every_colour_that_the_terminals_name(theme: Theme) -> None:
    assert theme.variables.keys() == FALLBACK.keys()
    assert all((theme.success, theme.warning, theme.error, theme.accent, theme.panel))


def test_the_safe_theme_tells_good_from_bad_by_blue_and_orange() -> None:
    (safe,) = [theme for theme in THEMES if theme.name == "safe"]
    assert (safe.success, safe.error) == (BLUE, ORANGE)
