"""Which language is spoken."""

from collections.abc import Iterator

import pytest

from tradectl.looks.languages import following, language, text, use

TEXTS = {"greeting": ("Hello {name}", "Привет, {name}")}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use("en")


def test_a_text_is_said_in_the_language_that_is_spoken() -> None:
    use("ru")
    assert text(TEXTS, "greeting", {"name": "Ann"}) == "Привет, Ann"


def test_languages_follow_each_other_in_a_circle() -> None:
    assert following() == "ru"
    use(following())
    assert following() == "en"


def test_an_unknown_language_is_english() -> None:
    use("tlh")
    assert language() == "en"


def test_a_text_or_a_value_that_is_missing_is_an_error() -> None:
    for key in ("farewell", "greeting"):
        with pytest.raises(KeyError):
            text(TEXTS, key, {})
