"""Thresholds as they are written, and what they are held against."""

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.load.thresholds import parse, shown


class Run:
    """A run in which each kind of request has one latency."""

    def __init__(self, errors: float = 0.0, count: int = 100) -> None:
        self.errors, self.counted = errors, count

    def quantile(self, name: str, share: float) -> float:
        return {"order": 0.1, "*": 0.2}[name] * share

    def mean(self, name: str) -> float:
        return 0.05

    def error_share(self, name: str) -> float:
        return self.errors

    def unexpected_share(self, name: str) -> float:
        return self.errors

    def rate(self, name: str) -> float:
        return 50.0

    def memory_growth(self) -> float:
        return 0.015

    def count(self, name: str) -> int:
        return self.counted


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("p99(order)<200ms", True),
        ("p99(order) < 0.05 s", False),
        ("p50<=100ms", True),
        ("p99.9(*)<100000us", False),
        ("mean(order)>1ms", True),
        ("max(order)<=100ms", True),
        ("errors<=0%", True),
        ("errors(order)<1%", True),
        ("unexpected<=0%", True),
        ("unexpected(order)>0%", False),
        ("rate(order)>=50/s", True),
        ("rate>50/s", False),
        ("memory<2%", True),
        ("memory<1%", False),
    ],
)
def test_a_threshold_is_read_and_held_against_the_run(text: str, holds: bool) -> None:
    assert parse(text).holds(Run()) is holds


@pytest.mark.parametrize(
    "text",
    [
        "p99(order)",
        "p99(order)<200",
        "p99(order)=200ms",
        "errors<5ms",
        "unexpected<5/s",
        "rate>5%",
        "p100<1s",
        "speed<1s",
        "p99(A b)<1s",
        "",
    ],
)
def test_what_is_no_threshold_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(TradectlError) as raised:
        parse(text)
    assert raised.value.exit_code == ExitCode.USAGE
    assert "p99(order)<200ms" in raised.value.hint


def test_what_was_never_measured_does_not_hold() -> None:
    threshold = parse("p99(order)<200ms")
    assert not threshold.holds(Run(count=0))
    assert shown(threshold, threshold.value(Run(count=0))) == "nothing measured"


def test_values_are_shown_in_units_of_people() -> None:
    assert shown(parse("p99<1s"), 0.1234) == "123.4 ms"
    assert shown(parse("errors<1%"), 0.005) == "0.50 %"
    assert shown(parse("rate>1/s"), 49.96) == "50.0/s"
