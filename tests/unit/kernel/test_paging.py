import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.errors import DomainError
from services.kernel.paging import decode, encode, key_of, page

KEYS = st.lists(st.integers(-(2**63), 2**63 - 1) | st.text(), min_size=1, max_size=3).map(tuple)


@given(KEYS)
def test_a_cursor_gives_back_the_key_that_it_was_made_of(key: tuple[int | str, ...]) -> None:
    assert decode(encode(key)) == key


@given(st.text(max_size=40))
def test_text_that_is_no_cursor_is_refused_and_breaks_nothing(text: str) -> None:
    with pytest.raises(DomainError) as refused:
        key_of(text, int, str)
    assert (refused.value.code, refused.value.status, refused.value.field) == ("bad_cursor", 404, "cursor")


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(DomainError):
        key_of(encode(("a",)), int)
    with pytest.raises(DomainError):
        key_of(encode((1, 2)), int)


def test_the_first_page_has_no_key() -> None:
    assert key_of(None, int) is None


def test_a_page_with_a_row_too_many_names_the_next_one() -> None:
    first = page([1, 2, 3], 2, key=lambda row: (row,), item=str)
    assert first["items"] == ["1", "2"]
    assert key_of(first["next"], int) == (2,)


def test_the_last_page_names_none() -> None:
    assert page([1, 2], 2, key=lambda row: (row,), item=str) == {"items": ["1", "2"], "next": None}
    assert page([], 2, key=lambda row: (row,), item=str) == {"items": [], "next": None}
