"""What is asked of the stores, and what their answers are called."""

import pytest

from tradectl.dashboards.asking import Answer, Sight, named, newest
from tradectl.dashboards.model import COUNT, Query, panel

PANEL = panel("Up", COUNT, "Words.", ("sum by (job) (up)", "{{job}} is up"), beyond="rabbitmq")
SIGHT = Sight(prometheus="http://127.0.0.1:1", begin=0.0, end=600.0, window="30s", chosen={"job": "orders"})


def test_what_grafana_and_the_reader_would_put_in_is_put_in() -> None:
    assert SIGHT.filled('rate(x{job="$job"}[$__rate_interval])') == 'rate(x{job="orders"}[30s])'
    assert SIGHT.filled("count_over_time(x[$__interval])") == "count_over_time(x[30s])"


def test_a_look_has_the_same_number_of_points_however_long_it_is() -> None:
    assert SIGHT.step == 10.0
    assert Sight(prometheus="", begin=5.0, end=5.0).step == 1.0


def test_a_series_is_called_as_the_legend_says() -> None:
    (query,) = PANEL.queries
    assert named(query, {"job": "orders", "kind": "service"}) == "orders is up"
    assert named(Query("up", "{{job}}"), {}) == "-"


@pytest.mark.parametrize(("beyond", "missing"), [("", ["sum(up)"]), ("rabbitmq", [])])
def test_a_panel_of_a_server_that_is_not_watched_misses_nothing(beyond: str, missing: list[str]) -> None:
    assert [*Answer(PANEL, {}, empty=["sum(up)"], beyond=beyond).missing] == missing


def test_a_panel_that_shows_nothing_but_gaps_shows_nothing() -> None:
    assert not Answer(PANEL, {"a": [], "b": []}).found
    assert Answer(PANEL, {"a": [], "b": [(0.0, 0.0)]}).found
    assert Answer(PANEL, {}, lines=["{}"]).found


def test_lines_are_the_newest_first_whoever_wrote_them() -> None:
    streams = [{"values": [["3", "c"], ["1", "a"]]}, {"values": [["4", "d"], ["2", "b"]]}]
    assert newest(streams) == ["d", "c", "b", "a"]
