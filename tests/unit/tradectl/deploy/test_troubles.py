import pytest

from tests.unit.tradectl.deploy.seen import crashing, pod, waiting
from tradectl.deploy.troubles import of, worst


def test_a_pod_that_crashes_says_with_which_exit_code_and_how_often() -> None:
    (found,) = of(pod(crashing()))
    assert (found.reason, found.message, found.restarts) == ("CrashLoopBackOff", "exit code 3", 5)
    assert found.lasting
    assert not found.ours


def test_a_pod_that_crashed_while_its_servers_were_on_their_way_may_mend_itself() -> None:
    assert worst(list(of(pod(crashing(restarts=1))))) is None


@pytest.mark.parametrize("reason", ["ImagePullBackOff", "CreateContainerConfigError"])
def test_what_registry_or_secrets_lack_is_ours_and_lasts(reason: str) -> None:
    (found,) = of(pod(waiting(reason)))
    assert found.ours
    assert found.lasting


def test_what_finds_no_place_says_why() -> None:
    (found,) = of(pod(conditions=[{"type": "PodScheduled", "status": "False", "message": "Insufficient cpu"}]))
    assert (found.reason, found.message) == ("Unschedulable", "Insufficient cpu")


def test_what_starts_ends_or_is_done_is_no_trouble() -> None:
    ending = pod(crashing())
    ending["metadata"]["deletionTimestamp"] = "2026-11-30T12:00:00Z"
    assert [*of(pod(waiting("ContainerCreating"))), *of(ending), *of(pod(phase="Succeeded"))] == []


def test_the_one_that_crashed_most_is_told_first() -> None:
    found = worst([*of(pod(crashing(4))), *of(pod(crashing(9))), *of(pod(waiting("ErrImagePull")))])
    assert found is not None
    assert found.restarts == 9
