"""Whether a release has arrived: what Argo CD, the pods and the canaries say of it, in one word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tradectl.deploy.applications import Application
from tradectl.deploy.canaries import Canary
from tradectl.deploy.troubles import Trouble, worst
from tradectl.release.record import Release


class State(StrEnum):
    """How it is with a release in an environment."""

    ON_ITS_WAY = "on its way"
    ARRIVED = "arrived"
    FAILED = "failed"
    """The release's fault."""
    ERRORED = "errored"
    """Ours: Git, registry, cluster, secrets."""


@dataclass(frozen=True)
class Verdict:
    """``lasting`` is false for what may mend itself in a while."""

    state: State
    why: str = ""
    lasting: bool = True


def verdict(
    release: Release, found: Mapping[str, Application], canaries: Sequence[Canary], pods: Sequence[Trouble]
) -> Verdict:
    """The gravest first."""
    if any(not each.has(release) for each in found.values()):
        return _looking(release, found)
    for canary in canaries:
        if canary.aborted and canary.on_its_way and found["platform"].sync == "Synced":
            return Verdict(State.FAILED, f"its canary was aborted: {canary.why}")
    for each in found.values():
        if each.failed_hooks and each.phase == "Failed":
            return Verdict(State.FAILED, f"{each.failed_hooks[0]} failed")
    if trouble := worst([each for each in pods if each.belongs_to(release)]):
        said = f"{trouble.pod}: {trouble.reason}{f', {trouble.message}' if trouble.message else ''}"
        return Verdict(State.ERRORED if trouble.ours else State.FAILED, said, lasting=False)
    if all(each.is_well(release) for each in found.values()):
        return Verdict(State.ARRIVED)
    return _not_yet(found)


def _looking(release: Release, found: Mapping[str, Application]) -> Verdict:
    """Argo CD has not looked yet, or cannot."""
    for each in found.values():
        if not each.has(release) and each.sync == "Unknown" and each.message:
            return Verdict(State.ERRORED, f"Argo CD cannot look at {each.name}: {each.message}", lasting=False)
    return Verdict(State.ON_ITS_WAY, "Argo CD looks at Git")


def _not_yet(found: Mapping[str, Application]) -> Verdict:
    for each in found.values():
        if each.phase in {"Failed", "Error"}:
            return Verdict(State.ERRORED, f"{each.name} cannot be synchronized: {each.message}", lasting=False)
        if (each.health, each.sync) == ("Degraded", "Synced") and each.phase != "Running":
            return Verdict(State.FAILED, f"{each.name} is degraded", lasting=False)
    said = [f"{each.name} {each.sync}, {each.health}" for each in found.values() if each.health != "Healthy"]
    return Verdict(State.ON_ITS_WAY, "; ".join(said) or "it is being synchronized")
