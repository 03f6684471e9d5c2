"""What a browser shows of a push."""

import pytest

from tradectl.trader.browser import shown


def test_a_push_is_shown_with_what_it_says() -> None:
    assert shown({"id": 1, "text": '{"title": "Hello"}'})["content"] == {"title": "Hello"}


@pytest.mark.parametrize("text", [None, "", "no json", "[1]"])
def test_one_that_cannot_be_read_says_nothing(text: str | None) -> None:
    assert shown({"id": 1, "text": text})["content"] == {}
