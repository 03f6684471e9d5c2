"""A release goes back: a revert in Git, and the wait until what was before is there again."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from tradectl.deploy.api import Cluster
from tradectl.deploy.arrival import Listener, arrival
from tradectl.deploy.lease import held
from tradectl.deploy.verdict import State
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.environments import ROLLBACK, Change, Environments
from tradectl.release.gates import going_back

PATIENCE = 600.0
"""Seconds."""


@dataclass(frozen=True, kw_only=True)
class Back:
    """How a rollback ended."""

    environment: str
    release: str
    """The one that is there again."""
    before: str
    """The one that was taken back."""
    commit: str
    state: State
    why: str = ""
    seconds: float = 0.0


def earlier(environments: Environments, environment: str, to: str | None) -> tuple[str, Change]:
    """The release that is there, and the change to go back to: the one before it, or the last to ``to``.

    What was taken back is not gone back to unasked. TradectlError where there is none.
    """
    changes = list(environments.history(environment))
    if not changes:
        raise TradectlError(f"{environment} has had no release yet", "`tradectl deploy apply`", ExitCode.NOT_FOUND)
    there = changes[0].release
    before = standing(changes)[-2:-1] if to is None else [each for each in changes[1:] if each.release == to != there]
    if before:
        return there, before[0]
    said = f"{environment} has not had {to} before" if to else f"{environment} has had nothing before {there}"
    raise TradectlError(said, f"`tradectl deploy history {environment}`", ExitCode.NOT_FOUND)


def standing(changes: Sequence[Change]) -> list[Change]:
    """Those that led to what is there, oldest first: what a rollback has taken back is left out."""
    stack: list[Change] = []
    for change in reversed(changes):
        if change.said.startswith(ROLLBACK):
            while stack and stack[-1].release != change.release:
                stack.pop()
        if not stack or stack[-1].release != change.release:
            stack.append(change)
    return stack


def refuse(environments: Environments, there: str, to: str) -> None:
    """TradectlError, with the way forward, where a contract stands between."""
    for said in going_back(environments.release(there), environments.release(to)):
        why, _, way = said.partition(": ")
        raise TradectlError(why, way, ExitCode.CONFLICT)


async def rollback(
    environments: Environments, cluster: Cluster, environment: str, to: str | None, why: str, listen: Listener
) -> Back:
    """Take back what came after a release. A freeze does not hold it up: what is bad has to go."""
    began = time.monotonic()
    there, change = earlier(environments, environment, to)
    refuse(environments, there, change.release)
    by = environments.repository.run("config", "user.name")
    async with held(cluster, environment, by):
        commit = environments.revert(environment, change, why)
        listen(f"{environment} is to have {change.release} again: commit {commit[:9]}")
        found = await arrival(cluster, environment, environments.release(change.release), PATIENCE, listen)
    return Back(
        environment=environment,
        release=change.release,
        before=there,
        commit=commit,
        state=found.state,
        why=found.why,
        seconds=round(time.monotonic() - began, 1),
    )


async def taken_back(environments: Environments, cluster: Cluster, environment: str, why: str, listen: Listener) -> str:
    """Git names again what was there before a canary that was aborted, and it is there; the commit.

    The contracts of what was aborted have not been run.
    """
    _, change = earlier(environments, environment, None)
    commit = environments.revert(environment, change, why)
    found = await arrival(cluster, environment, environments.release(change.release), PATIENCE, listen)
    listen(f"{change.release} {found.state.value}{f': {found.why}' if found.why else ''}")
    return commit
