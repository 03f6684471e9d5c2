"""A load in a scenario holds, fails, or has proved nothing."""

from typing import Any

import pytest
from pydantic import ValidationError

from tradectl.load.histogram import bucket_of
from tradectl.load.recorder import Kind, Second
from tradectl.load.result import Run, Verdict
from tradectl.scenario.actions.loading import judged
from tradectl.scenario.failures import Broke, Unmet
from tradectl.scenario.model.loading import Load


def run(*, holds: bool, lag: float = 0.001, **fields: Any) -> Run:
    kind = Kind()
    kind.counts[bucket_of(0.005)] = 10
    second = Second(0, due=10, kinds={"order": kind})
    second.lag[bucket_of(lag)] = 10
    return Run(
        id="mixed-1",
        scenario="mixed",
        shape="steady",
        began="2026-01-01T00:00:00Z",
        sandbox="one",
        backend="embedded",
        version="1",
        users=1,
        rate=10.0,
        duration=1.0,
        workers=0,
        seed=1,
        points=[(0.0, 10.0), (1.0, 10.0)],
        seconds=[second.document()],
        looks=[],
        verdicts=[Verdict("p99<1ms", "5.0 ms", holds)],
        audit=None,
        **fields,
    )


def test_what_holds_gives_its_figures() -> None:
    found = judged(run(holds=True))
    assert found["requests"]["order"]["count"] == 10
    assert found["verdicts"] == [{"threshold": "p99<1ms", "measured": "5.0 ms"}]


def test_a_threshold_that_does_not_hold_is_told_with_what_was_measured() -> None:
    with pytest.raises(Unmet, match=r"p99<1ms: expected 'to hold', found '5\.0 ms'"):
        judged(run(holds=False))


def test_a_load_that_was_ended_early_did_not_hold() -> None:
    with pytest.raises(Unmet, match="was ended: 1 workers were lost"):
        judged(run(holds=True, aborted="1 workers were lost"))


def test_a_generator_that_was_late_itself_makes_a_failure_prove_nothing_and_a_success_stand() -> None:
    with pytest.raises(Broke, match="nothing is proved"):
        judged(run(holds=False, lag=0.5))
    assert "began" in judged(run(holds=True, lag=0.5))["saturated"]


def test_thresholds_may_be_templates_and_are_read_once_they_are_filled() -> None:
    assert Load.model_validate({"thresholds": ["p99<${limit}"]}).for_ == "5s"
    with pytest.raises(ValidationError, match="is no threshold"):
        Load.model_validate({"thresholds": ["p99<${limit"[:4]]})
