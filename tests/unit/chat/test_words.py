"""Words as they are kept and looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chat.domain.words import LONGEST, MOST, wanted, words
from services.contracts.errors import DomainError


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Up, up and DOWN!", {"up", "and", "down"}),
        ("Résumé naïve", {"resume", "naive"}),
        ("Прибыль ЁЛКА", {"прибыль", "елка"}),
        ("STRASSE straße", {"strasse"}),
        ("日本 trade", {"日", "本", "trade"}),
        ("$AAPL is 230.50", {"$aapl", "aapl", "is", "230", "50"}),
        ("up🚀down", {"up", "down"}),
        ("🚀 — …", set()),
        ("x" * 100, {"x" * LONGEST}),
    ],
)
def test_the_words_of_a_text(text: str, found: set[str]) -> None:
    assert words(text) == found


@given(st.text(max_size=200))
def test_a_text_is_found_by_each_of_its_words(text: str) -> None:
    found = words(text)
    assert all(0 < len(word) <= LONGEST for word in found)
    assert words(" ".join(found)) >= {word for word in found if not word.startswith("$")}


def test_a_query_begins_with_its_longest_word() -> None:
    assert wanted("up and downwards") == ["downwards", "and", "up"]


@pytest.mark.parametrize(
    ("text", "code"), [("🚀 !", "no_words"), (" ".join(map(str, range(MOST + 1))), "too_many_words")]
)
def test_a_query_has_words_and_not_too_many(text: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        wanted(text)
    assert (refusal.value.code, refusal.value.field) == (code, "q")
