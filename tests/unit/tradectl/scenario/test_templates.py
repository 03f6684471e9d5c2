"""Holes are filled from what is known, and a name that is not known is an error."""

import pytest

from tradectl.scenario.jmes import BadExpression, found, roots
from tradectl.scenario.templates import filled, holes

KNOWN = {
    "ann": {"id": "7"},
    "order": {"quantity": "10", "fills": [{"price": "1.10"}, {"price": "2.20"}]},
    "many": [1, 2],
}


def test_a_text_that_is_one_hole_becomes_what_is_found() -> None:
    assert filled("${many}", KNOWN) == [1, 2]


def test_holes_inside_a_text_become_text() -> None:
    assert filled({"path": "/users/${ann.id}?n=${many[0]}"}, KNOWN) == {"path": "/users/7?n=1"}


def test_sums_are_of_decimals() -> None:
    assert filled("${plus(order.quantity, '0.10')}", KNOWN) == "10.10"
    assert filled("${total(order.fills[].price)}", KNOWN) == "3.30"
    assert filled("${minus(times(order.quantity, `3`), '1')}", KNOWN) == "29"


def test_a_part_of_a_text_is_the_first_group_of_a_pattern() -> None:
    known = {"mail": {"text": "Welcome!\nYour code is 7K3QF-9M2XA."}}
    assert filled("${part(mail.text, 'code is ([0-9A-Z-]+)')}", known) == "7K3QF-9M2XA"
    assert found("part(mail.text, 'price is (.+)')", known) is None


def test_an_authenticators_code_is_rfc_6238s(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}
    monkeypatch.setattr("time.time", lambda: 1_111_111_081.5)
    assert filled("${totp(secret, '0')}", known) == "081804"
    assert filled("${totp(secret, `1`)}", known) == "050471"


@pytest.mark.parametrize("pattern", ["code is", "code ("])
def test_a_pattern_that_has_no_group_is_an_error(pattern: str) -> None:
    with pytest.raises(BadExpression, match="has no group to take"):
        found(f"part(text, '{pattern}')", {"text": "code is 7"})


@pytest.mark.parametrize("text", ["${bob.id}", "${order.limit}", "${order[}", "${plus('a', '1')}"])
def test_a_hole_that_finds_nothing_is_an_error(text: str) -> None:
    with pytest.raises(BadExpression):
        filled(text, KNOWN)


@pytest.mark.parametrize("text", ["${order.", "a ${ b"])
def test_a_hole_that_does_not_end_is_an_error(text: str) -> None:
    with pytest.raises(BadExpression):
        list(holes(text))


@pytest.mark.parametrize(
    ("expression", "names"),
    [("a.b[0].c", {"a"}), ("length(x.fills)", {"x"}), ("plus(a.b, c)", {"a", "c"}), ("a[?p > `3`].q | [0]", {"a"})],
)
def test_the_names_that_an_expression_needs_are_known_before_it_is_run(expression: str, names: set[str]) -> None:
    assert roots(expression) == names


def test_nothing_is_found_where_nothing_is() -> None:
    assert found("order.nothing[0]", KNOWN) is None
