import pytest

from tests.wording import says_the_same
from tradectl.tui import words
from tradectl.tui.screens import PANES
from tradectl.tui.words import WORDS, said, t


@pytest.mark.parametrize("key", WORDS)
def test_a_text_says_the_same_values_in_both_languages(key: str) -> None:
    assert says_the_same(*WORDS[key])


def test_every_binding_of_a_screen_is_described_by_words() -> None:
    described = {each.description for pane in PANES.values() for _, each in pane._merged_bindings or ()}
    assert described <= WORDS.keys() | {""}


def test_an_unknown_language_is_english() -> None:
    words.use("tlh")
    assert t("key.quit") == "Quit"


def test_what_the_platform_makes_up_is_said_in_its_own_words() -> None:
    assert said("refused.invented_tomorrow", "No.") == "No."
