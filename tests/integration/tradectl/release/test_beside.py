"""The release before, found and taken out of a real repository, and what is new since."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.beside.earlier import before, named, unpack
from tradectl.release.beside.news import news
from tradectl.release.git import Repository
from tradectl.release.program import run

FILLED = 'name: ClassVar[str] = "order_filled"'


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    folder = tmp_path / "repository"
    run("git", "init", "--quiet", str(folder))
    made = Repository(folder)
    made.run("config", "user.name", "Ann")
    made.run("config", "user.email", "ann@example.org")
    return made


@pytest.fixture
def commit(repository: Repository) -> Callable[..., None]:
    def make(*tags: str) -> None:
        repository.run("add", "--all")
        repository.run("commit", "--quiet", "--allow-empty", "--message", "more")
        for tag in tags:
            repository.run("tag", tag)

    return make


def test_the_release_before_is_the_newest_tag_before_the_commit_at_hand(
    repository: Repository, commit: Callable[..., None]
) -> None:
    commit("v1.0.0")
    commit("v1.1.0-rc.1", "nightly")
    commit("v1.1.0")
    assert before(repository) == named(repository, "v1.0.0"), "its own tag is not before it"
    commit()
    assert before(repository) == named(repository, "1.1.0")


def test_where_nothing_was_released_there_is_none_and_a_shallow_clone_cannot_tell(
    repository: Repository, commit: Callable[..., None], tmp_path: Path
) -> None:
    commit("v1.0.0")
    assert before(repository) is None
    commit()
    run("git", "clone", "--quiet", "--depth", "1", f"file://{repository.path}", str(tmp_path / "shallow"))
    with pytest.raises(TradectlError, match="shallow") as caught:
        before(Repository(tmp_path / "shallow"))
    assert "unshallow" in caught.value.hint


def test_a_commit_that_there_is_not_is_not_found(repository: Repository, commit: Callable[..., None]) -> None:
    commit()
    with pytest.raises(TradectlError, match="there is no commit v9") as caught:
        named(repository, "v9")
    assert caught.value.exit_code is ExitCode.NOT_FOUND


def test_migrations_and_events_that_are_new_are_told_and_the_checkout_stays_as_it_is(
    repository: Repository, commit: Callable[..., None], tmp_path: Path
) -> None:
    services = repository.path / "services"
    shutil.copytree(ROOT / "services", services, ignore=shutil.ignore_patterns("__pycache__"))
    (services / "chat/migrations/versions/0007_words.py").unlink()
    events = services / "contracts/events/orders.py"
    source = events.read_text(encoding="utf-8")
    events.write_text(source.replace(FILLED, f"{FILLED}\n    version: ClassVar[int] = 7"), encoding="utf-8")
    commit("v1.0.0")
    shutil.rmtree(services)
    unpack(repository, named(repository, "v1.0.0"), tmp_path / "earlier")
    assert not services.exists()
    found = news(tmp_path / "earlier", ROOT)
    assert [(each.service, each.revision, each.mark) for each in found.migrations] == [("chat", "0007_words", "expand")]
    assert (found.added, found.gone, found.changed) == (["order_filled 1"], ["order_filled 7"], [])
