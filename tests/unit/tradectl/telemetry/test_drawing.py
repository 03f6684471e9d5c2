"""Bars on a time axis, curves a line high, short numbers."""

import pytest

from tradectl.telemetry.drawing import bar, columns, number, spark


def test_a_bar_lies_where_its_time_does() -> None:
    assert bar(25, 75, 0, 100, 8) == "  ████"


def test_what_is_too_short_to_see_is_one_block_and_a_moment_is_a_mark() -> None:
    assert bar(50, 51, 0, 1_000, 10) == "█"
    assert bar(1_000, 1_000, 0, 1_000, 10) == " " * 9 + "◆"


def test_a_row_without_length_is_drawn_all_the_same() -> None:
    assert bar(5, 5, 5, 5, 10) == "◆"


def test_bars_and_curves_can_do_with_ascii() -> None:
    assert (bar(0, 100, 0, 100, 4, ascii_only=True) + spark([0, 1], 4, ascii_only=True)).isascii()


def test_a_curve_lies_between_nothing_and_the_largest() -> None:
    assert spark([0, 7, 3.5], 10) == "▁█▅"
    assert spark([0, 0], 10) == "▁▁"
    assert spark([], 10) == ""


def test_of_several_values_in_one_column_the_largest_is_drawn() -> None:
    assert columns([1, 9, 2, 3], 2) == [9, 3]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(0.0123, "s", "12.3 ms"), (1.5, "s", "1.5 s"), (2**21, "bytes", "2 MiB"), (0.4, "/s", "0.4 /s"), (None, "s", "")],
)
def test_numbers_are_short_and_have_a_unit_that_fits(value: float | None, unit: str, text: str) -> None:
    assert number(value, unit) == text
