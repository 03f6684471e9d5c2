"""Git, by the program that whoever deploys has set up: keys, signatures and names are theirs."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError

QUIET = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


@dataclass(frozen=True)
class Repository:
    """A checkout."""

    path: Path

    def run(self, *arguments: str) -> str:
        """What a command prints; TradectlError with Git's own words where it fails."""
        return run(["-C", str(self.path), *arguments])

    def ask(self, *arguments: str) -> str | None:
        """The same; none where it fails."""
        try:
            return self.run(*arguments)
        except TradectlError:
            return None

    @property
    def commit(self) -> str:
        return self.run("rev-parse", "HEAD")

    def changes(self) -> list[str]:
        """Files that are not as they were committed, those that Git does not know too."""
        said = self.run("status", "--porcelain", "--untracked-files=normal")
        return [line[3:] for line in said.splitlines()]


def clone(url: str, path: Path) -> Repository:
    """The newest state of a repository's main branch."""
    run(["clone", "--quiet", "--single-branch", url, str(path)])
    return Repository(path)


def run(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """What `git` prints, without the line's end."""
    try:
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607 (whoever deploys has their own)
            env={**environment, **QUIET},
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise TradectlError("git is not here", "install it: releases live in Git", ExitCode.NOT_FOUND) from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it says nothing"]
        raise TradectlError(
            f"git {arguments[0] if arguments[0] != '-C' else arguments[2]}: {said[-1]}", "", ExitCode.BAD_INPUT
        )
    return done.stdout.rstrip("\n")
