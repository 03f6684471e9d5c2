"""Dashboards as pictures."""

from xml.etree import ElementTree as ET

import pytest

from tradectl.dashboards.asking import Answer, Points
from tradectl.dashboards.model import BYTES, COUNT, PER_SECOND, SECONDS, SHARE, Board, Row, panel
from tradectl.dashboards.plot import COLOURS, drawn, nice, pieces, said

QUERY = ("sum by (job) (up)", "{{job}}")
ONE, TWO, THREE = (panel(title, COUNT, "w", QUERY) for title in ("One", "Two", "Three"))
BOARD = Board("b", "A & B", "Words.", (Row("First", (ONE, TWO)), Row("Second", (THREE,))))
SVG = "{http://www.w3.org/2000/svg}"


def texts(picture: str) -> set[str]:
    return {each.text or "" for each in ET.fromstring(picture).iter(f"{SVG}text")}


def test_every_panel_is_drawn_and_one_without_data_says_why() -> None:
    found = {
        "One": Answer(ONE, {"<orders>": [(0, 1), (0.2, 3)]}),
        "Two": Answer(TWO, {}),
        "Three": Answer(THREE, {}, beyond="rabbitmq"),
    }
    picture = drawn(BOARD, found, 0, 6)
    wanted = {"A & B ", "First", "Second", "One", "Two", "Three", "<orders>", "no data", "not watched here: rabbitmq"}
    assert wanted <= texts(picture)
    (line,) = ET.fromstring(picture).iter(f"{SVG}polyline")
    first, last = (tuple(map(float, point.split(","))) for point in line.attrib["points"].split())
    assert first[0] < last[0]
    assert first[1] > last[1], "more is not higher"


def test_the_axes_are_moments_of_the_day_and_round_numbers() -> None:
    picture = drawn(BOARD, {"One": Answer(ONE, {"a": [(3_600, 1), (3_700, 47)]})}, 3_600, 3_720)
    assert {"01:00:00", "01:01:00", "01:02:00", "0", "25", "50"} <= texts(picture)


def test_rows_of_which_no_panel_was_asked_are_left_out() -> None:
    picture = drawn(BOARD, {"Three": Answer(THREE, {"a": [(0, 1)]})}, 0, 10)
    assert texts(picture) >= {"Second", "Three"}
    assert not texts(picture) & {"First", "One"}


def test_of_many_curves_the_highest_are_drawn_and_the_others_counted() -> None:
    curves: dict[str, Points] = {f"n{number}": [(0, number), (0.1, number)] for number in range(20)}
    picture = drawn(BOARD, {"One": Answer(ONE, curves)}, 0, 10)
    assert len(list(ET.fromstring(picture).iter(f"{SVG}polyline"))) == len(COLOURS)
    assert {"n19", f"n14 and {20 - len(COLOURS)} more"} <= texts(picture)


def test_a_point_alone_is_a_dot_and_lines_of_a_log_are_text() -> None:
    picture = drawn(BOARD, {"One": Answer(ONE, {"a": [(5, 1)]}), "Two": Answer(TWO, {}, lines=["<a>"])}, 0, 10)
    assert len(list(ET.fromstring(picture).iter(f"{SVG}circle"))) == 1
    assert "<a>" in texts(picture)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0125, SECONDS, "12.5 ms"),
        (3.0, SECONDS, "3 s"),
        (0.004, SHARE, "0.4 %"),
        (3 * 1024**2, BYTES, "3 MiB"),
        (12_500, COUNT, "12.5 k"),
        (7, COUNT, "7"),
        (7, PER_SECOND, "7/s"),
    ],
)
def test_numbers_are_said_as_a_person_reads_them(value: float, unit: str, text: str) -> None:
    assert said(value, unit) == text


@pytest.mark.parametrize(("value", "above"), [(0, 1), (0.00034, 0.0005), (1, 1), (47, 50), (1_001, 1_500)])
def test_an_axis_ends_at_a_round_number(value: float, above: float) -> None:
    assert nice(value) == pytest.approx(above)


def test_an_axis_of_bytes_ends_at_a_round_number_of_what_they_are_said_in() -> None:
    assert said(nice(60 * 1024**3, BYTES), BYTES) == "75 GiB"
    assert said(nice(700.0, BYTES), BYTES) == "750"


def test_a_line_is_broken_where_there_was_nothing() -> None:
    points = [(0.0, 1.0), (1.0, 2.0), (5.0, 3.0), (9.0, 1.0), (10.0, 1.0)]
    assert [len(piece) for piece in pieces(points, 2.0)] == [2, 1, 2]
    assert list(pieces([], 2.0)) == []
