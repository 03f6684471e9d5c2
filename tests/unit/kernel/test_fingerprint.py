"""What makes two requests the same."""

from services.kernel.idempotency import fingerprint


def test_the_order_of_fields_makes_no_difference() -> None:
    assert fingerprint({"a": 1, "b": {"c": 2, "d": 3}}) == fingerprint({"b": {"d": 3, "c": 2}, "a": 1})


def test_values_and_their_types_do() -> None:
    assert len({fingerprint({"a": value}) for value in (1, "1", None, [1])}) == 4
