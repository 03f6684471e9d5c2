"""A page of metrics is read line by line, or it is none."""

import pytest

from tradectl.probes.http import UnreachableError
from tradectl.probes.metrics import Sample, parsed

PAGE = """\
# HELP order_reports_total Reports applied
# TYPE order_reports_total counter
order_reports_total{kind="fill",status="filled"} 2.0
# HELP bff_sockets Open WebSockets
# TYPE bff_sockets gauge
bff_sockets 0.0
"""


def test_each_line_is_a_sample_with_its_labels() -> None:
    assert parsed(PAGE) == [
        Sample("order_reports_total", {"kind": "fill", "status": "filled"}, 2.0),
        Sample("bff_sockets", {}, 0.0),
    ]


def test_what_is_no_page_of_metrics_says_so() -> None:
    with pytest.raises(UnreachableError, match="no page of metrics"):
        parsed("<html>not one</html>\n")
