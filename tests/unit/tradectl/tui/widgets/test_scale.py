import pytest

from tradectl.tui.widgets.scale import Scale, digits_of, round_step, scale_of, short


def test_the_highest_value_is_on_the_first_pixel_and_the_lowest_on_the_last() -> None:
    scale = Scale(100, 200, 11)
    assert [scale.pixel(value) for value in (200, 150, 100)] == [0, 5, 10]


def test_steps_are_round_and_within_the_range() -> None:
    assert Scale(101, 199, 10).steps(4) == [125, 150, 175]


@pytest.mark.parametrize(("least", "step"), [(0.9, 1), (1.1, 2), (2.2, 2.5), (3, 5), (6, 10), (0.03, 0.05)])
def test_a_step_is_the_next_round_number(least: float, step: float) -> None:
    assert round_step(least) == pytest.approx(step)


@pytest.mark.parametrize(("step", "digits"), [(100, 0), (0.5, 1), (0.025, 3)])
def test_labels_have_the_digits_that_their_step_needs(step: float, digits: int) -> None:
    assert digits_of(step) == digits


@pytest.mark.parametrize("values", [[], [5.0], [0.0, 0.0]])
def test_even_one_value_or_none_has_a_scale(values: list[float]) -> None:
    scale = scale_of(values, 10)
    assert scale.low < scale.high


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.00009, "<.0001"),
        (0.000123, "0.0001"),
        (0.05, "0.05"),
        (7, "7"),
        (950.4, "950"),
        (12_345, "12.3k"),
        (4_560_000, "4.56M"),
        (123e9, "123G"),
    ],
)
def test_a_quantity_takes_at_most_six_characters(value: float, text: str) -> None:
    assert short(value) == text
