"""Two runs held against each other."""

from random import Random

from tradectl.load.comparison import compare, interval
from tradectl.load.histogram import bucket_of
from tradectl.load.measured import Measurement
from tradectl.load.recorder import Kind, Second


def run(seed: int, slower: float = 1.0, failing: float = 0.0, seconds: int = 60, a_second: int = 40) -> Measurement:
    """Orders of some milliseconds; ``slower`` stretches them."""
    chance = Random(seed)
    made = []
    for t in range(seconds):
        kind = Kind()
        for _ in range(a_second):
            kind.counts[bucket_of(chance.lognormvariate(-5, 0.5) * slower)] += 1
            if chance.random() < failing:
                kind.errors["503"] += 1
        made.append(Second(t, due=a_second, kinds={"order": kind}))
    return Measurement(made, float(seconds))


def verdicts(before: Measurement, after: Measurement) -> dict[str, str]:
    return {change.what: change.verdict for change in compare(before, after, draws=100)}


def test_two_runs_of_the_same_platform_are_the_same() -> None:
    assert set(verdicts(run(1), run(2)).values()) == {"the same"}


def test_a_platform_that_is_half_as_fast_is_worse_and_the_other_way_round_better() -> None:
    assert {verdicts(run(1), run(2, slower=2.0))[what] for what in ("p50(order)", "p99(order)")} == {"worse"}
    assert verdicts(run(1, slower=2.0), run(2))["p50(order)"] == "better"


def test_errors_that_come_are_worse_also_where_there_were_none() -> None:
    assert verdicts(run(1), run(2, failing=0.05))["errors(*)"] == "worse"


def test_the_interval_holds_the_true_ratio() -> None:
    change = next(each for each in compare(run(1), run(2, slower=1.5), draws=200) if each.what == "p50(order)")
    assert change.low < 1.5 < change.high
    assert change.high - change.low < 0.3


def test_a_handful_of_requests_says_nothing() -> None:
    assert set(verdicts(run(1, seconds=2, a_second=5), run(2, slower=9.0, seconds=2, a_second=5))) == {"errors(*)"}


def test_an_interval_leaves_out_the_ends() -> None:
    assert interval(list(map(float, range(100)))) == (2.0, 97.0)
