"""The road of a release: in, forward by a canary, stopped by one, and back. What CI runs of the cluster."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.cluster.desk import Desk, watched
from tests.clusters import Cluster
from tradectl.release.record import Release

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1500)]
ERRORS = [{"kind": "service.errors", "seconds": 3600, "parameters": {"service": "bff", "percent": 5}}]
WEIGHT = re.compile(r"bff canary (\d+) %")


@pytest.fixture(scope="module")
def desk(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with watched(cluster, tmp_path_factory) as made:
        yield made


@pytest.fixture(scope="module")
def first(desk: Desk) -> Release:
    """A release that is in stage."""
    made = desk.followed.pushed("1.0.0")
    said = desk.apply(made)
    assert said.out, said.err
    assert (said.code, said.json["state"]) == (0, "arrived"), said.err
    return made


@pytest.fixture(scope="module")
def second(desk: Desk, first: Release) -> Release:
    """The next one, which its analysis has let through."""
    made = desk.followed.pushed("1.1.0", platform=desk.followed.variant("good", f'LABEL after="{first.version}"'))
    with desk.traffic(rate=5):
        said = desk.apply(made)
    assert said.out, said.err
    assert (said.code, said.json["state"]) == (0, "arrived"), said.err
    assert WEIGHT.search(said.err), "there was no canary"
    return made


def test_a_good_release_is_let_through_by_its_analysis(desk: Desk, second: Release) -> None:
    (status,) = desk.deploy("status", "stage", "--json").json
    assert (status["release"], status["verdict"]["state"]) == (second.version, "arrived")
    assert desk.smoke().code == 0


def test_a_bad_one_is_stopped_before_half_of_the_traffic_and_git_names_the_one_before(
    desk: Desk, second: Release
) -> None:
    bad = desk.followed.variant("bad", f"ENV TRADECTL_FAULTS={json.dumps(json.dumps(ERRORS))}")
    third = desk.followed.pushed("1.2.0", platform=bad)
    with desk.traffic(rate=10):
        said = desk.apply(third)
    assert said.out, said.err
    assert (said.code, said.json["state"]) == (1, "failed"), said.err
    assert said.json["why"].startswith("its canary was aborted: bff: ")
    assert max(int(each) for each in WEIGHT.findall(said.err)) < 50
    assert said.json["reverted"]
    newest, *_ = desk.deploy("history", "stage", "--json").json["items"]
    assert (newest["release"], newest["said"]) == (second.version, f"rollback: stage to {second.version}")
    assert desk.smoke().code == 0


def test_a_rollback_needs_no_analysis_again(desk: Desk, first: Release, second: Release) -> None:
    said = desk.deploy("rollback", "stage", "--why", "a test", "--json")
    assert said.out, said.err
    assert (said.code, said.json["release"], said.json["before"]) == (0, first.version, second.version), said.err
    assert desk.smoke().code == 0
