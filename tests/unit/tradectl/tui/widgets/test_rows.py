from tradectl.tui.widgets.rows import fitted, left, merged, plain, right


def test_a_text_that_is_too_long_ends_with_an_ellipsis() -> None:
    assert (left("BTCUSDT", 4), left("IBM", 5)) == ("BTC…", "IBM  ")


def test_a_number_stands_at_the_right() -> None:
    assert right("1.5", 5) == "  1.5"


def test_neighbours_of_one_ink_become_one_span() -> None:
    assert merged([("a", "up"), ("", "dim"), ("b", "up"), ("c", "")]) == (("ab", "up"), ("c", ""))


def test_a_row_is_cut_or_filled_to_the_width() -> None:
    assert [plain(fitted((("abc", ""), ("de", "up")), width)) for width in (4, 7)] == ["abcd", "abcde  "]
