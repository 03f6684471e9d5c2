from typing import Any

import pytest

from tests.unit.tradectl.deploy.seen import RELEASE, analysis, application, both, crashing, pod, rollout, waiting
from tradectl.deploy.canaries import read
from tradectl.deploy.troubles import of
from tradectl.deploy.verdict import State, verdict


def test_all_of_it_synced_and_healthy_has_arrived() -> None:
    assert verdict(RELEASE, both(), [], []).state is State.ARRIVED


def test_what_argo_cd_has_of_an_earlier_release_is_on_its_way_however_well_it_is() -> None:
    found = {"data": application("data-dev"), "platform": application("platform-dev", of="1.0.0")}
    assert verdict(RELEASE, found, [], []).state is State.ON_ITS_WAY


@pytest.mark.parametrize(
    "status",
    [
        {"health": {"status": "Progressing"}},
        {"operationState": {"phase": "Running"}},
        {"sync": {"status": "OutOfSync", "revisions": list(application("x").revisions)}},
    ],
)
def test_what_moves_is_on_its_way(status: dict[str, Any]) -> None:
    assert verdict(RELEASE, both(**status), [], []).state is State.ON_ITS_WAY


@pytest.mark.parametrize(("sync", "state"), [("OutOfSync", State.ON_ITS_WAY), ("Synced", State.FAILED)])
def test_what_is_degraded_has_failed_once_it_is_as_git_has_it(sync: str, state: State) -> None:
    digests = list(application("x").revisions)
    found = both(sync={"status": sync, "revisions": digests}, health={"status": "Degraded"})
    assert verdict(RELEASE, found, [], []).state is state


def test_a_hook_that_failed_is_the_releases_fault() -> None:
    hook = {"kind": "Job", "name": "migrations-expand", "hookPhase": "Failed"}
    found = both(operationState={"phase": "Failed", "syncResult": {"resources": [hook]}})
    said = verdict(RELEASE, found, [], [])
    assert (said.state, said.why) == (State.FAILED, "Job/migrations-expand failed")


def test_a_pod_that_cannot_start_is_the_releases_fault_and_may_yet_mend_itself() -> None:
    said = verdict(RELEASE, both(health={"status": "Progressing"}), [], list(of(pod(crashing()))))
    assert (said.state, said.why) == (State.FAILED, "orders-1: CrashLoopBackOff, exit code 3")
    assert not said.lasting


def test_an_image_that_cannot_be_had_is_our_fault() -> None:
    said = verdict(RELEASE, both(), [], list(of(pod(waiting("ImagePullBackOff")))))
    assert said.state is State.ERRORED


def test_pods_of_the_release_before_that_are_still_there_say_nothing_of_this_one() -> None:
    old = list(of(pod(waiting("ImagePullBackOff"), image=f"registry.example/platform@sha256:{'b' * 64}")))
    assert verdict(RELEASE, both(health={"status": "Progressing"}), [], old).state is State.ON_ITS_WAY


def test_a_chart_that_cannot_be_had_is_our_fault() -> None:
    complaint = {"type": "ComparisonError", "message": "no such digest"}
    found = both(sync={"status": "Unknown", "revisions": []}, conditions=[complaint])
    said = verdict(RELEASE, found, [], [])
    assert (said.state, said.why) == (State.ERRORED, "Argo CD cannot look at platform-dev: no such digest")


def test_a_canary_that_was_aborted_is_the_releases_fault_with_the_measure_that_was_bad() -> None:
    canary = read(rollout(abort=True), [analysis("Failed")])
    said = verdict(RELEASE, both(health={"status": "Degraded"}), [canary], [])
    assert (said.state, said.why) == (State.FAILED, "its canary was aborted: bff: errors failed: [0.04]")
    assert said.lasting


def test_the_abort_of_the_release_before_does_not_count_against_the_one_that_follows() -> None:
    canary = read(rollout(abort=True), [])
    digests = list(application("x").revisions)
    found = both(sync={"status": "OutOfSync", "revisions": digests}, operationState={"phase": "Running"})
    assert verdict(RELEASE, found, [canary], []).state is State.ON_ITS_WAY
