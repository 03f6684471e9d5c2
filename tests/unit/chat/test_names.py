"""Who is named in a text, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chat.domain.names import NAMED, handle_of, named


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Ann Smith", "annsmith"),
        ("ANN", "ann"),
        ("José-María", "josemaria"),
        ("Борис Ёлкин", "бориселкин"),
        ("Straße", "strasse"),
        ("Ａｎｎ", "ann"),
        ("日本", "日本"),
        ("👩‍👩‍👧‍👦", ""),
    ],
)
def test_a_name_is_its_letters_and_digits(name: str, handle: str) -> None:
    assert handle_of(name) == handle


@given(st.text(max_size=80))
def test_a_handle_is_its_own_and_fits_its_column(name: str) -> None:
    handle = handle_of(name)
    assert handle_of(handle) == handle
    assert len(handle) <= 80


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@Ann, and (@bob.) or @ann_smith's", ["ann", "bob", "annsmith"]),
        ("Привет, @борис!", ["борис"]),
        ("@ann @ANN @ánn", ["ann"]),
        ("ann@example.org and a@@b", []),
        ("@ @! @👍", []),
        ("/@ann/@bob", ["ann", "bob"]),
    ],
)
def test_names_in_a_text(text: str, handles: list[str]) -> None:
    assert named(text) == handles


def test_so_many_names_are_mentions_and_no_more() -> None:
    assert len(named(" ".join(f"@user{number}" for number in range(2 * NAMED)))) == NAMED
