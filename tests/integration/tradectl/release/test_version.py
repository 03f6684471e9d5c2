"""Versions of real checkouts."""

from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tradectl.errors import TradectlError
from tradectl.release import version
from tradectl.release.git import Repository, clone
from tradectl.release.migrations import migrations
from tradectl.release.program import run
from tradectl.stack.topology import platform


@pytest.fixture
def checkout(tmp_path: Path) -> Repository:
    run("git", "init", "--quiet", "--initial-branch", "main", str(tmp_path))
    made = Repository(tmp_path)
    made.run("config", "user.name", "Ann")
    made.run("config", "user.email", "ann@example.org")
    commit(made, "first")
    return made


def commit(repository: Repository, text: str) -> None:
    (repository.path / "file").write_text(text, encoding="utf-8")
    repository.run("add", ".")
    repository.run("commit", "--quiet", "--message", text)


def test_a_tagged_commit_has_its_tags_version(checkout: Repository) -> None:
    checkout.run("tag", "v1.2.3")
    assert str(version.of(checkout)) == "1.2.3"


def test_a_commit_after_a_tag_comes_before_the_next_patch(checkout: Repository) -> None:
    checkout.run("tag", "v1.2.3")
    commit(checkout, "second")
    found = version.of(checkout)
    assert str(found) == f"1.2.4-dev.1.g{checkout.commit[:9]}"
    assert version.Version.parse("1.2.3") < found < version.Version.parse("1.2.4")


def test_a_checkout_that_is_not_as_it_was_committed_is_refused(checkout: Repository) -> None:
    checkout.run("tag", "v1.2.3")
    (checkout.path / "file").write_text("changed", encoding="utf-8")
    (checkout.path / "new").touch()
    with pytest.raises(TradectlError, match="file and 1 more is not as it was committed"):
        version.of(checkout)


def test_without_a_tag_one_is_asked_for(checkout: Repository) -> None:
    with pytest.raises(TradectlError, match="no tag says a version") as refused:
        version.of(checkout)
    assert refused.value.hint == "tag a commit: git tag v0.1.0"


def test_git_says_itself_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(TradectlError, match=r"git clone: .*does not (exist|appear)"):
        clone(str(tmp_path / "nothing"), tmp_path / "here")


def test_every_migration_of_this_checkout_says_what_it_does() -> None:
    found = list(migrations(ROOT, platform()))
    assert {each.service for each in found} == {each.name for each in platform().services if each.database}
    assert all(each.revision.startswith("00") for each in found)
