"""A release goes back: a revert in Git, and the wait until what was before is there again."""

import time
from dataclasses import dataclass

from tradectl.deploy.api import Cluster
from tradectl.deploy.applications import look
from tradectl.deploy.arrival import Listener, arrival
from tradectl.deploy.lease import held
from tradectl.deploy.verdict import State
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.environments import Change, Environments
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
    """The release that is there, and the change to go back to: the last other one, or the last to ``to``.

    TradectlError where there is none.
    """
    changes = list(environments.history(environment))
    if not changes:
        raise TradectlError(f"{environment} has had no release yet", "`tradectl deploy apply`", ExitCode.NOT_FOUND)
    there = changes[0].release
    for change in changes[1:]:
        if change.release != there and to in {None, change.release}:
            return there, change
    said = f"{environment} has not had {to} before" if to else f"{environment} has had nothing before {there}"
    raise TradectlError(said, f"`tradectl deploy history {environment}`", ExitCode.NOT_FOUND)


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


async def taken_back(environments: Environments, cluster: Cluster, environment: str, why: str) -> str:
    """Git names again what was there before a canary that was aborted; the commit. Its contracts have not been run."""
    _, change = earlier(environments, environment, None)
    commit = environments.revert(environment, change, why)
    await look(cluster, environment)
    return commit
