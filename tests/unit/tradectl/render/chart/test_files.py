from tradectl.render import chart
from tradectl.render.compose import differing
from tradectl.stack.topology import platform


def test_what_lies_in_the_charts_is_what_the_topology_says() -> None:
    assert differing(chart.rendered(platform()), chart.FOLDER) == [], "tradectl topology render chart"
