"""Releases go into dev and back, as whoever deploys does it: by `tradectl deploy`, Git and real Argo CD."""

from collections.abc import Iterator

import msgspec
import pytest

from tests.architecture.tree import ROOT
from tests.cluster.desk import OVERRIDE, Desk
from tests.clusters import Cluster
from tests.e2e.tool import Result
from tests.eventually import eventually
from tradectl.release.record import Part, Release

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]
HELD = str(ROOT / "scenarios/held/money-in-and-out.yaml")
PAUSED = {"sim": {"options": {"paused": "yes"}}}
"""The market stands from its first moment on."""
BROKEN = "import services.kernel.serve as s, os; os.remove(s.__file__)"


@pytest.fixture(scope="module")
def desk(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(cluster, tmp_path_factory.mktemp("desk"), "dev", PAUSED)
    try:
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="module")
def first(desk: Desk) -> Release:
    """A release that is in dev."""
    made = desk.followed.pushed("0.1.0")
    said = desk.apply(made)
    assert said.code == 0, said.err
    assert said.json["state"] == "arrived"
    return made


def test_a_held_scenario_has_in_dev_the_digest_that_it_has_on_this_machine(desk: Desk, first: Release) -> None:
    assert first.version == "0.1.0"
    assert desk.scenario(HELD) == desk.on_this_machine(HELD)
    desk.market("driven")


def test_what_was_deployed_trades_is_well_and_as_git_has_it(desk: Desk, first: Release) -> None:
    report = desk.smoke()
    assert report.code == 0, report.out[:2000]
    (status,) = desk.deploy("status", "dev", "--json").json
    assert (status["release"], status["verdict"]["state"], status["drift"]) == (first.version, "arrived", [])
    same = desk.deploy("diff", "dev")
    assert same.code == 0, same.out


def test_the_next_release_is_shown_before_it_comes_and_goes_back_by_a_revert(desk: Desk, first: Release) -> None:
    second = desk.followed.pushed("0.1.1", platform=desk.followed.variant("second", "LABEL release=2"))
    shown = desk.deploy("diff", "dev", "--release", second.version, "--json")
    assert shown.code == 1
    changed = {each["object"]: each["diff"] for each in shown.json["differences"]}
    assert f"image: {second.images['platform'].address}" in changed["Deployment/orders"].replace("- image", "  image")
    assert desk.apply(second).code == 0
    back = desk.deploy("rollback", "dev", "--why", "a test", "--json")
    assert back.code == 0, back.err
    assert (back.json["release"], back.json["state"]) == (first.version, "arrived")
    verified = desk.smoke()
    assert verified.code == 0, verified.out[:2000]


async def test_a_release_that_cannot_start_has_failed_and_says_with_which_last_lines(
    desk: Desk, first: Release
) -> None:
    broken = desk.followed.variant("broken", "USER root", f'RUN ["python", "-c", "{BROKEN}"]', "USER 10001")
    third = desk.followed.pushed("0.1.2", platform=broken)
    said = desk.apply(third)
    assert said.out, said.err
    assert (said.code, said.json["state"]) == (1, "failed"), said.err
    assert "CrashLoopBackOff" in said.json["why"]
    (status,) = desk.deploy("status", "dev", "--json").json
    assert any("No module named services.kernel.serve" in line for each in status["troubles"] for line in each["lines"])
    # What was there before trades; two processors that start eight pods again and again may take their time.
    await eventually(lambda: desk.smoke().code == 0, 120, every=1)
    assert desk.deploy("rollback", "dev", "--json").json["release"] == first.version


def test_an_image_that_cannot_be_had_is_an_error_of_ours(desk: Desk, first: Release) -> None:
    missing = Part(repository=first.images["platform"].repository, digest=f"sha256:{'0' * 64}")
    images = {**first.images, "platform": missing}
    charts = desk.followed.charts("0.1.3")
    fourth = msgspec.structs.replace(first, version="0.1.3", images=images, charts=charts)
    desk.followed.environments.keep(fourth)
    said = desk.apply(fourth)
    assert said.out, said.err
    assert (said.code, said.json["state"]) == (10, "errored"), said.err
    assert desk.deploy("rollback", "dev", "--json").json["state"] == "arrived"


async def test_one_deploys_at_a_time_and_what_was_killed_is_taken_up_again(desk: Desk, first: Release) -> None:
    again = desk.followed.pushed("0.1.4", platform=desk.followed.variant("again", "LABEL release=5"))
    arguments = ("deploy", "apply", "dev", "--release", again.version, *OVERRIDE)
    with desk.running(*arguments) as process:
        assert process.stderr is not None
        while "is to have" not in process.stderr.readline():
            pass
        refused = desk.apply(first)
        assert refused.code == 9
        assert "deploys to dev since" in refused.err
        process.kill()

    def freed() -> Result | None:
        """Its lease ends by itself, within half a minute."""
        said = desk.apply(again)
        return said if said.code != 9 else None

    said = await eventually(freed, 120, every=2)
    assert said.json["state"] == "arrived"
    newest, *_ = desk.deploy("history", "dev", "--json").json["items"]
    assert newest["release"] == again.version
