from tradectl.tui.widgets.alphabet import ASCII
from tradectl.tui.widgets.sparkline import sparkline, thinned


def test_it_goes_from_the_lowest_to_the_highest() -> None:
    assert sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8) == "▁▂▃▄▅▆▇█"
    assert sparkline([1, 8], 4, ASCII) == "  .@"


def test_equal_values_are_in_the_middle_and_none_are_blank() -> None:
    assert (sparkline([3, 3], 2), sparkline([], 2)) == ("▅▅", "  ")


def test_only_the_last_values_are_shown() -> None:
    assert sparkline([100, 1, 2], 2) == "▁█"


def test_many_values_are_thinned_to_the_last_of_each_stretch() -> None:
    assert thinned(list(range(10)), 5) == [1, 3, 5, 7, 9]
    assert thinned([1.0, 2.0], 5) == [1.0, 2.0]
