"""Any Unicode is welcome but what nobody can see."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chat.domain.texts import check_edit, clean
from services.contracts.errors import DomainError

VISIBLE = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=100)


@given(VISIBLE.filter(str.strip))
def test_what_is_kept_is_normal_has_no_blanks_around_it_and_stays_as_it_is(text: str) -> None:
    kept = clean(text, "text", 1_000)
    assert kept == unicodedata.normalize("NFC", text).strip()
    assert clean(kept, "text", 1_000) == kept


@pytest.mark.parametrize("text", ["👩‍👩‍👧‍👦 $AAPL", "Привет, @борис!", "مرحبا", "日本語", "e\u0301", "a\nb\tc"])
def test_messages_in_any_script_are_kept(text: str) -> None:
    assert clean(text, "text", 100) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("text", ["a\x00b", "a\x1b[31mb", "a\x7fb", "a\x85b", "a\rb", "a\ud800b"])
def test_control_characters_and_halves_of_pairs_are_refused(text: str) -> None:
    with pytest.raises(DomainError) as refusal:
        clean(text, "text", 100)
    assert (refusal.value.code, refusal.value.status, refusal.value.field) == ("control_character", 422, "text")


@pytest.mark.parametrize("text", ["one\ntwo", "one\ttwo"])
def test_a_title_is_one_line(text: str) -> None:
    with pytest.raises(DomainError, match="control character"):
        clean(text, "title", 100, lines=False)


@pytest.mark.parametrize(("text", "code"), [("", "empty_text"), (" \n ", "empty_text"), ("a" * 11, "text_too_long")])
def test_nothing_and_too_much_are_refused(text: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        clean(text, "text", 10)
    assert refusal.value.code == code


def test_length_is_counted_in_characters_as_they_are_kept() -> None:
    assert clean("e\u0301" * 10, "text", 10) == "é" * 10


@pytest.mark.parametrize(("user", "now", "code"), [("bob", 0, "not_author"), ("ann", 60_000_001, "too_late")])
def test_only_the_author_edits_and_only_for_a_while(user: str, now: int, code: str) -> None:
    message = {"author_id": "ann", "posted": 0}
    check_edit(message, "ann", 60_000_000, 60)
    with pytest.raises(DomainError) as refusal:
        check_edit(message, user, now, 60)
    assert refusal.value.code == code
