"""Dashboards as pictures."""

from xml.etree import ElementTree as ET

import pytest

from tradectl.dashboards.model import BYTES, COUNT, SECONDS, SHARE, Board, Row, panel
from tradectl.dashboards.pictures import filled, named
from tradectl.dashboards.plot import drawn, said

QUERY = ("sum by (job) (up)", "{{job}}")
BOARD = Board("b", "A & B", "Words.", (Row("r", (panel("One", COUNT, "w", QUERY), panel("Two", COUNT, "w", QUERY))),))


def test_every_panel_is_drawn_and_one_without_data_says_so() -> None:
    picture = drawn(BOARD, {"One": {"<orders>": [(0, 1), (10, 3)]}, "Two": {}}, 0, 10)
    tree = ET.fromstring(picture)
    texts = [each.text for each in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert {"A & B", "One", "Two", "<orders>", "no data"} <= set(texts)
    (line,) = tree.iter("{http://www.w3.org/2000/svg}polyline")
    first, last = (tuple(map(float, point.split(","))) for point in line.attrib["points"].split())
    assert first[0] < last[0]
    assert first[1] > last[1], "more is not higher"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0125, SECONDS, "12.5 ms"),
        (3.0, SECONDS, "3 s"),
        (0.004, SHARE, "0.4 %"),
        (3 * 1024**2, BYTES, "3 M"),
        (12_500, COUNT, "12.5 k"),
        (7, COUNT, "7"),
    ],
)
def test_numbers_are_said_as_a_person_reads_them(value: float, unit: str, text: str) -> None:
    assert said(value, unit) == text


def test_what_grafana_would_put_in_is_put_in() -> None:
    assert filled('rate(x{job="$job"}[$__rate_interval])') == 'rate(x{job="orders"}[30s])'


def test_a_series_is_called_as_the_legend_says() -> None:
    (query,) = BOARD.rows[0].panels[0].queries
    assert named(query, {"job": "orders"}) == "orders"
