"""The release before: which commit it is, and its source, taken out of Git without touching the checkout."""

import tarfile
from dataclasses import dataclass
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.git import Repository

ROOMS = ("services",)
"""What a service's image runs."""


@dataclass(frozen=True)
class Earlier:
    """``name`` is a tag, or what was asked for."""

    name: str
    commit: str


def named(repository: Repository, name: str) -> Earlier:
    """A commit by whatever name Git knows, or a version; TradectlError when there is none."""
    for each in (name, f"v{name}"):
        if commit := repository.ask("rev-parse", "--verify", "--quiet", f"{each}^{{commit}}"):
            return Earlier(each, commit)
    raise TradectlError(f"there is no commit {name}", f"git fetch --tags; git log {name}", ExitCode.NOT_FOUND)


def before(repository: Repository) -> Earlier | None:
    """The newest release before the commit at hand, pre-releases aside; none where nothing was ever released.

    TradectlError for a clone that has only the end of the history.
    """
    newest = ("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "--exclude", "*-*", "HEAD^")
    if tag := repository.ask(*newest):
        return named(repository, tag)
    if repository.run("rev-parse", "--is-shallow-repository") == "true":
        hint = "git fetch --unshallow --tags (in GitLab: GIT_DEPTH 0), or name a commit"
        raise TradectlError("this clone is shallow: the release before may lie further back", hint, ExitCode.NOT_FOUND)
    return None


def unpack(repository: Repository, earlier: Earlier, folder: Path) -> None:
    """Its services in a folder; TradectlError with Git's words where it has none."""
    folder.mkdir(parents=True)
    packed = folder / "earlier.tar"
    repository.run("archive", "--format=tar", f"--output={packed}", earlier.commit, *ROOMS)
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    packed.unlink()
