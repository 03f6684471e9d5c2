"""A release goes into an environment: what must hold, a commit, and the wait until it is there."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tradectl.deploy.api import Cluster
from tradectl.deploy.arrival import Listener, arrival
from tradectl.deploy.back import taken_back
from tradectl.deploy.lease import held
from tradectl.deploy.verdict import State
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.assembly.publication import verified
from tradectl.release.closures import closures
from tradectl.release.environments import KEY, ORDER, Environments
from tradectl.release.gates import Asked, standing

PATIENCE = 1_800.0
"""Seconds for a release, its canary with it."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """``over`` is why it goes on although something stands in the way: it is recorded."""

    environment: str
    release: str
    why: str = ""
    over: str = ""
    patience: float = PATIENCE
    """Seconds; 0 does not wait."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """``overridden`` is what stood in the way; ``reverted`` the commit that took a failed one back."""

    environment: str
    release: str
    before: str | None
    commit: str
    state: State
    why: str = ""
    overridden: tuple[str, ...] = ()
    reverted: str = ""
    seconds: float = 0.0


def asked(environments: Environments, wanted: Wanted) -> Asked:
    """What is to go where, and over what."""
    place = ORDER.index(wanted.environment)
    before = environments.deployed(ORDER[place - 1]) if place else None
    there = environments.deployed(wanted.environment)
    return Asked(
        environment=wanted.environment,
        release=environments.release(wanted.release),
        there=environments.release(there.release) if there else None,
        before=before.release if before else None,
    )


def in_the_way(environments: Environments, wanted: Wanted) -> list[str]:
    """Everything that stands between a release and an environment, in words.

    TradectlError for a release that was not signed with the repository's key: nobody may take that on himself.
    """
    key = () if _signed(environments, wanted.release) else (f"there is no {KEY}: nobody can tell who built it",)
    seen = environments.evidence(wanted.release)
    closed = closures(environments, wanted.environment)
    return [*key, *standing(asked(environments, wanted), seen, closed, datetime.now(UTC))]


def _signed(environments: Environments, version: str) -> bool:
    """Whether there is a key to tell by."""
    if environments.verifier is None:
        return False
    for each in verified(environments, version, None, registry=False):
        if each.why:
            hint = f"`tradectl release verify {version}`"
            raise TradectlError(f"{each.what}: {each.why}", hint, ExitCode.CHECK_FAILED)
    return True


def overridden(environments: Environments, wanted: Wanted) -> list[str]:
    """What stands in the way and is taken on; CONFLICT where something does and nobody takes it on himself."""
    obstacles = in_the_way(environments, wanted)
    if obstacles and not wanted.over:
        said = f"{wanted.release} may not go to {wanted.environment}: {'; '.join(obstacles)}"
        hint = "mend it, or take it on yourself: --override WHY, which is recorded"
        raise TradectlError(said, hint, ExitCode.CONFLICT)
    return obstacles


async def deploy(
    environments: Environments, cluster: Cluster, wanted: Wanted, over: Sequence[str], listen: Listener
) -> Outcome:
    """Have a release in an environment, over what stands in its way.

    The same again takes up what was interrupted. A canary that was aborted is taken back: Git must not go on naming it.
    """
    began = time.monotonic()
    there = environments.deployed(wanted.environment)
    before = there.release if there else None
    by = environments.repository.run("config", "user.name")
    async with held(cluster, wanted.environment, by):
        release = environments.release(wanted.release)
        commit = environments.deploy(wanted.environment, release, _said(wanted, over))
        listen(f"{wanted.environment} is to have {wanted.release}: commit {commit[:9]}")
        found = await arrival(cluster, wanted.environment, release, wanted.patience, listen)
        reverted = ""
        if found.state is State.FAILED and found.why.startswith("its canary"):
            listen(f"taken back: {found.why}")
            reverted = await taken_back(environments, cluster, wanted.environment, found.why, listen)
    return Outcome(
        environment=wanted.environment,
        release=wanted.release,
        before=before,
        commit=commit,
        state=found.state,
        why=found.why,
        overridden=tuple(over),
        reverted=reverted,
        seconds=round(time.monotonic() - began, 1),
    )


def _said(wanted: Wanted, obstacles: Sequence[str]) -> str:
    """Of the commit: why, and over what."""
    lines = [wanted.why] if wanted.why else []
    if obstacles:
        lines += [f"Overridden, because: {wanted.over}", *(f"- {each}" for each in obstacles)]
    return "\n".join(lines)


def document(outcome: Outcome) -> dict[str, Any]:
    """For scripts."""
    return {**vars(outcome), "state": outcome.state.value, "overridden": list(outcome.overridden)}
