from tests.unit.tradectl.tui.widgets.plain import Alone, texts
from tradectl.tui.widgets.alphabet import ASCII
from tradectl.tui.widgets.curve import Curve, Series, curve_rows

HOUR = 3_600_000_000
POINTS = [(index * HOUR, 100.0 + index) for index in range(9)]


def test_a_rising_curve_ends_in_the_upper_right_corner() -> None:
    rows = texts(curve_rows([Series(POINTS)], 40, 8, ASCII))
    first, last = rows[0], rows[-2]
    assert first.index("*") > 25
    assert last.startswith("*")


def test_its_axes_have_round_values_and_both_times() -> None:
    rows = texts(curve_rows([Series(POINTS)], 40, 12, ASCII))
    assert "105" in "".join(rows)
    assert rows[-1].split() == ["00:00", "04:00", "08:00"]


def test_two_curves_share_one_scale() -> None:
    flat = Series([(0, 104.0), (8 * HOUR, 104.0)], "second")
    inks = {ink for row in curve_rows([Series(POINTS), flat], 40, 12, ASCII) for _, ink in row}
    assert {"first", "second"} <= inks


def test_one_point_is_no_curve() -> None:
    assert curve_rows([Series(POINTS[:1])], 40, 12) == []


async def test_the_widget_shows_a_word_until_it_has_a_curve() -> None:
    curve = Curve()
    curve.empty = "no trades yet"
    async with Alone(curve).run_test(size=(40, 9)) as pilot:
        assert curve.render_line(4).text.strip() == "no trades yet"
        curve.show(Series(POINTS), base=104.0)
        curve.paint()
        await pilot.pause()
        assert curve.render_line(8).text.split() == ["00:00", "04:00", "08:00"]


def test_the_base_is_marked_across_the_curve() -> None:
    marked = curve_rows([Series(POINTS)], 40, 12, ASCII, base=104.6)
    unmarked = curve_rows([Series(POINTS)], 40, 12, ASCII)
    assert sum(row != other for row, other in zip(marked, unmarked, strict=True)) == 1
