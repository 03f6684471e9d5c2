import pytest

from tests.unit.tradectl.deploy.seen import analysis, rollout
from tradectl.deploy.canaries import read


def test_a_canary_half_way_has_the_weight_of_its_last_step() -> None:
    found = read(rollout(), [])
    assert (found.step, found.steps, found.weight) == (2, 4, 25)
    assert found.on_its_way


def test_one_version_alone_has_all_of_it() -> None:
    found = read(rollout(stable="bbb"), [])
    assert found.weight == 100
    assert not found.on_its_way


@pytest.mark.parametrize("phase", ["Failed", "Error", "Inconclusive"])
def test_an_abort_tells_the_measure_that_was_bad_before_those_that_were_good(phase: str) -> None:
    found = read(rollout(abort=True), [analysis(phase)])
    assert found.aborted
    assert found.why == f"bff: errors {phase.lower()}: [0.04]"
    assert found.analysis[1] == "p99 successful: [0.2]"


def test_the_analysis_of_an_earlier_version_is_not_told() -> None:
    assert read(rollout(), [analysis("Failed", pods="old")]).analysis == ()


def test_of_two_analyses_the_later_ones_word_counts() -> None:
    earlier, later = analysis("Successful", "[0]"), analysis("Running", "[0.01]")
    earlier["metadata"]["creationTimestamp"], later["metadata"]["creationTimestamp"] = (
        "2026-11-30T12:00:00Z",
        "2026-11-30T12:01:00Z",
    )
    assert read(rollout(), [later, earlier]).analysis == ("errors running: [0.01]", "p99 successful: [0.2]")


def test_an_abort_by_hand_has_the_controllers_words() -> None:
    assert read(rollout(abort=True, message="RolloutAborted"), []).why == "bff: RolloutAborted"
