"""Programs that whoever deploys has set up: git, helm, docker, cosign. Keys, logins and names are theirs."""

import os
import subprocess
from collections.abc import Collection
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError

QUIET = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
ADVICE = "Use --debug"
"""Helm's last line, after what is wrong."""
WAYS = {
    "git": "install it: environments live in a Git repository",
    "helm": "install Helm 4: https://helm.sh/docs/intro/install",
    "docker": "install Docker: images are built with it",
    "cosign": "install cosign 3: releases are signed with it",
}
"""What to do where one is missing."""


def run(
    program: str,
    *arguments: str,
    folder: Path | None = None,
    streams: bool = False,
    fine: Collection[int] = (0,),
    told: str | None = None,
) -> str:
    """What it prints, without the last line's end, and what it says beside that where ``streams`` asks for both.
    ``told`` is what it reads.

    TradectlError with its own last words where it fails: where it ends with none of the codes that are ``fine``.
    """
    try:
        done = subprocess.run(
            [program, *arguments],
            env={**os.environ, **QUIET},
            cwd=folder,
            input=told,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        hint = WAYS.get(program, "")
        raise TradectlError(f"{program} is not here", hint, ExitCode.NOT_FOUND) from error
    if done.returncode not in fine:
        lines = (done.stderr or done.stdout).strip().splitlines()
        said = [line for line in lines if not line.startswith(ADVICE)] or ["it says nothing"]
        raise TradectlError(f"{program} {_verb(arguments)}: {said[-1]}", "", ExitCode.BAD_INPUT)
    return (done.stdout + (done.stderr if streams else "")).rstrip("\n")


def _verb(arguments: tuple[str, ...]) -> str:
    """The first word that is no option and no option's value."""
    words = iter(arguments)
    for word in words:
        if word == "-C":
            next(words)
        elif not word.startswith("-"):
            return word
    return ""
