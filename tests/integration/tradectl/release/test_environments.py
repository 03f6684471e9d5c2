"""The environments repository, by real Git."""

from pathlib import Path

import msgspec
import pytest

from tests.unit.tradectl.release.records import release
from tradectl.errors import TradectlError
from tradectl.release.closures import closures, freeze, thaw
from tradectl.release.environments import Environments
from tradectl.release.git import clone
from tradectl.release.opening import opened
from tradectl.release.program import run


@pytest.fixture
def origin(tmp_path: Path) -> str:
    path = str(tmp_path / "origin.git")
    run("git", "init", "--quiet", "--bare", "--initial-branch", "main", path)
    return path


def checkout(origin: str, path: Path, name: str = "Ann") -> Environments:
    repository = clone(origin, path)
    repository.run("config", "user.name", name)
    repository.run("config", "user.email", f"{name.lower()}@example.org")
    return Environments(repository)


@pytest.fixture
def environments(origin: str, tmp_path: Path) -> Environments:
    found = checkout(origin, tmp_path / "ann")
    found.keep(release("1.0.0"))
    return found


def test_a_release_is_kept_and_found_by_everybody(environments: Environments, origin: str, tmp_path: Path) -> None:
    environments.keep(release("1.10.0"))
    environments.keep(release("1.9.0"))
    other = checkout(origin, tmp_path / "bob", "Bob")
    assert other.releases() == ["1.0.0", "1.9.0", "1.10.0"]
    assert other.release("1.9.0") == release("1.9.0")


def test_a_release_is_never_changed(environments: Environments) -> None:
    environments.keep(release("1.0.0"))
    with pytest.raises(TradectlError, match=r"release 1\.0\.0 is there already") as refused:
        environments.keep(msgspec.structs.replace(release("1.0.0"), commit="d" * 40))
    assert refused.value.hint == "a release is never changed: tag another version"


def test_the_record_of_another_release_is_refused_in_its_place(environments: Environments) -> None:
    """However well it is signed."""
    environments.keep(release("1.1.0"))
    environments.record("1.1.0").write_bytes(environments.record("1.0.0").read_bytes())
    with pytest.raises(TradectlError, match=r"what lies at 1\.1\.0 is the record of 1\.0\.0"):
        environments.release("1.1.0")


def test_a_release_that_is_not_there_is_not_found(environments: Environments) -> None:
    with pytest.raises(TradectlError, match=r"there is no release 2\.0\.0") as refused:
        environments.release("2.0.0")
    assert refused.value.hint == "the last: 1.0.0"


def test_what_is_deployed_is_a_commit_that_says_who_what_and_why(environments: Environments) -> None:
    assert environments.deployed("dev") is None
    environments.deploy("dev", release("1.0.0"), "the first one")
    there = environments.deployed("dev")
    assert there is not None
    assert (there.release, there.by, there.why) == ("1.0.0", "Ann", "the first one")
    assert environments.repository.run("log", "-1", "--format=%an: %B") == "Ann: deploy: dev to 1.0.0\n\nthe first one"
    told = environments.repository.path / "environments/dev/tradectl.yaml"
    assert msgspec.yaml.decode(told.read_bytes())["images"]["platform"]["digest"].startswith("sha256:")


def test_what_is_there_already_is_no_commit(environments: Environments) -> None:
    first = environments.deploy("dev", release("1.0.0"), "")
    assert environments.deploy("dev", release("1.0.0"), "again") == first


def test_history_is_newest_first_and_each_environments_own(environments: Environments) -> None:
    environments.keep(release("1.1.0"))
    for version in ("1.0.0", "1.1.0", "1.0.0"):
        environments.deploy("stage", release(version), "")
    environments.deploy("dev", release("1.1.0"), "")
    assert [each.release for each in environments.history("stage")] == ["1.0.0", "1.1.0", "1.0.0"]
    assert [(each.by, each.said) for each in environments.history("dev")] == [("Ann", "deploy: dev to 1.1.0")]


def test_two_who_deploy_at_once_both_arrive(environments: Environments, origin: str, tmp_path: Path) -> None:
    other = checkout(origin, tmp_path / "bob", "Bob")
    environments.deploy("dev", release("1.0.0"), "")
    other.deploy("stage", release("1.0.0"), "")
    late = checkout(origin, tmp_path / "carol", "Carol")
    assert late.deployed("dev") is not None
    assert late.deployed("stage") is not None


def test_one_environment_changed_by_two_at_once_is_refused_to_the_second(
    environments: Environments, origin: str, tmp_path: Path
) -> None:
    other = checkout(origin, tmp_path / "bob", "Bob")
    environments.deploy("dev", release("1.0.0"), "")
    with pytest.raises(TradectlError, match="git pull"):
        other.deploy("dev", release("1.1.0"), "")


def test_a_checkout_of_one_command_is_gone_after_it(environments: Environments, origin: str) -> None:
    assert environments.releases() == ["1.0.0"]
    with opened(origin) as found:
        path = found.repository.path
        assert found.releases() == ["1.0.0"]
    assert not path.exists()


def test_a_repository_that_cannot_be_had_or_was_not_named_is_told_with_the_way_around(tmp_path: Path) -> None:
    with pytest.raises(TradectlError, match="does not exist") as refused, opened(str(tmp_path / "none")):
        pass
    assert "by Helm alone" in refused.value.hint
    with pytest.raises(TradectlError, match="which environments repository"), opened(None):
        pass


def test_a_rollback_takes_back_in_one_commit_all_that_came_after(environments: Environments) -> None:
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        environments.deploy("prod", release(version), f"why {version}")
        environments.deploy("dev", release(version), "")
    before = (environments.folder("dev") / "deployed.yaml").read_bytes()
    first = list(environments.history("prod"))[-1]
    environments.revert("prod", first, "the canary failed: errors 4 %")
    there = environments.deployed("prod")
    assert there is not None
    assert (there.release, there.charts) == ("1.0.0", release("1.0.0").charts)
    assert (environments.folder("dev") / "deployed.yaml").read_bytes() == before
    newest, *_ = environments.history("prod")
    assert (newest.release, newest.said) == ("1.0.0", "rollback: prod to 1.0.0")


def test_a_freeze_is_a_commit_and_a_rollback_leaves_it_there(environments: Environments) -> None:
    for version in ("1.0.0", "1.1.0"):
        environments.deploy("prod", release(version), "")
    freeze(environments, "prod", "quarter's end", "")
    environments.revert("prod", list(environments.history("prod"))[-1], "")
    found = closures(environments, "prod").freeze
    assert found is not None
    assert (found.by, found.why) == ("Ann", "quarter's end")
    thaw(environments, "prod", "it is over")
    assert closures(environments, "prod").freeze is None
    with pytest.raises(TradectlError, match="prod is not frozen"):
        thaw(environments, "prod", "")


def test_windows_that_cannot_be_read_are_told_with_their_place(environments: Environments) -> None:
    folder = environments.folder("prod")
    folder.mkdir(parents=True)
    (folder / "windows.yaml").write_text("- {days: [mon], from: '08:00', to: '17:00', zone: Europe/Moscow}")
    assert len(closures(environments, "prod").windows) == 1
    (folder / "windows.yaml").write_text("- {days: [monday], from: '08:00', to: '17:00'}")
    with pytest.raises(TradectlError, match=r"environments/prod: .*monday"):
        closures(environments, "prod")
