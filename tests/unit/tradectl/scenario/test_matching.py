"""What agrees with what was expected, and what does not."""

from typing import Any

import pytest

from tradectl.scenario.matching import agrees, mismatches


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        (10, "10.00"),
        ("0.1", "0.10"),
        ("filled", "filled"),
        (None, None),
        (True, True),
        ([1, "2"], ["1", 2]),
        ({"ge": 1, "lt": 2}, "1.5"),
        ({"gt": "2024-08-08T07:10:00Z"}, "2024-08-08T07:10:01Z"),
        ({"in": ["new", "filled"]}, "new"),
        ({"not": None}, 0),
        ({"matches": "^Buy .*filled$"}, "Buy AAPL: filled"),
        ({"contains": "AAPL"}, "Buy AAPL"),
        ({"contains": {"kind": "welcome"}}, [{"kind": "welcome", "read": False}]),
        ({"exists": False}, None),
        ({"a": {"ge": 1}}, {"a": 2, "b": 3}),
    ],
)
def test_it_agrees(expected: Any, seen: Any) -> None:
    assert agrees(expected, seen)


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        (10, "10.01"),
        ("filled", "new"),
        (True, "true"),
        (1, True),
        (None, ""),
        ([1, 2], [1]),
        ({"lt": 2}, 2),
        ({"gt": 1}, None),
        ({"matches": "x"}, None),
        ({"contains": "x"}, None),
        ({"exists": True}, None),
        ({"a": 1}, {"b": 1}),
        ({"not": {"in": [1, 2]}}, 2),
    ],
)
def test_it_does_not_agree(expected: Any, seen: Any) -> None:
    assert not agrees(expected, seen)


@pytest.mark.parametrize(
    ("what", "there"),
    [
        ("price", "status, fills"),
        ("fills[0].cost", "price"),
        ("fills[9].price", "status, fills"),
        ("max_by(fills, &price).cost", "price"),
    ],
)
def test_where_nothing_is_found_the_mismatch_names_what_is_there(what: str, there: str) -> None:
    (wrong,) = mismatches({what: "1"}, {"status": "new", "fills": [{"price": "2.5"}]})
    assert str(wrong) == f"{what}: expected '1', found nothing; there are {there}"


def test_a_mismatch_names_what_was_expected_and_what_was_there() -> None:
    (wrong,) = mismatches(
        {"fills[0].price": {"ge": 3}, "status": "new"}, {"status": "new", "fills": [{"price": "2.5"}]}
    )
    assert str(wrong) == "fills[0].price: expected ge 3, found '2.5'"
