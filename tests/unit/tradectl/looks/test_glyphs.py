"""Signs without Unicode."""

from collections.abc import Iterator

import pytest
from rich.segment import Segment
from textual.color import Color

from tradectl.looks.glyphs import GLYPHS, AsciiFilter, g, use_ascii


@pytest.fixture(autouse=True)
def unicode() -> Iterator[None]:
    yield
    use_ascii(False)


def test_each_sign_has_one_of_ascii_as_wide() -> None:
    use_ascii(True)
    assert all(g(name).isascii() and len(g(name)) == 1 for name in GLYPHS)


def test_what_widgets_draw_with_is_replaced_and_words_stay() -> None:
    (segment,) = AsciiFilter().apply([Segment("╭─ Сбои ▄█")], Color(0, 0, 0))
    assert segment.text == "+- Сбои -|"
