"""Why something was refused, in words."""

import pytest

from tradectl.tui import words
from tradectl.tui.refusals import refusal_text


@pytest.fixture(autouse=True)
def english() -> None:
    words.use("en")


def test_a_code_with_words_is_told_in_the_readers_language() -> None:
    assert refusal_text("off_lot", {"step": "1"}) == "Goes in steps of 1."
    words.use("ru")
    assert refusal_text("off_lot", {"step": "1"}) == "Только кратно 1."


def test_a_sentence_that_names_what_is_not_known_gives_way_to_the_platforms_own() -> None:
    assert refusal_text("off_lot", {}, "the quantity must be a multiple of 1") == "the quantity must be a multiple of 1"


def test_a_code_without_words_is_told_by_the_platforms_own() -> None:
    assert refusal_text("notional_limit", {}, "that is too much") == "that is too much"
    assert refusal_text("notional_limit", {}) == "notional_limit"
