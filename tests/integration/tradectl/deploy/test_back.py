"""Where a rollback goes, by real Git."""

from pathlib import Path

import pytest

from tests.integration.tradectl.release import repositories
from tests.unit.tradectl.release.records import release
from tradectl.deploy.back import earlier
from tradectl.errors import TradectlError
from tradectl.release.environments import Environments


@pytest.fixture
def environments(tmp_path: Path) -> Environments:
    """dev has had three releases."""
    made = repositories.environments(tmp_path)
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        made.deploy("dev", release(version), "")
    return made


def back(environments: Environments, to: str | None = None) -> str:
    """One rollback; what is there then."""
    _, change = earlier(environments, "dev", to)
    environments.revert("dev", change, "a test")
    there = environments.deployed("dev")
    assert there is not None
    return there.release


def test_each_goes_one_further_back_and_never_to_what_was_taken_back(environments: Environments) -> None:
    assert [back(environments), back(environments)] == ["1.1.0", "1.0.0"]
    with pytest.raises(TradectlError, match=r"nothing before 1\.0\.0"):
        earlier(environments, "dev", None)


def test_what_came_after_a_rollback_goes_back_to_what_was_there_before_it(environments: Environments) -> None:
    back(environments)
    environments.deploy("dev", release("1.3.0"), "")
    assert [back(environments), back(environments)] == ["1.1.0", "1.0.0"]


def test_one_that_was_taken_back_can_be_asked_for_by_its_name(environments: Environments) -> None:
    back(environments)
    assert back(environments, "1.2.0") == "1.2.0"
