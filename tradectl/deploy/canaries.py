"""Rollouts of an environment: how far a canary is, what its analysis says, and who steers it (Argo Rollouts)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tradectl.deploy.api import ANALYSES, ROLLOUTS, Cluster, Json
from tradectl.errors import ExitCode, TradectlError

BAD = frozenset({"Failed", "Error", "Inconclusive"})


@dataclass(frozen=True, kw_only=True)
class Canary:
    """``step`` of ``steps``, ``weight`` in per cent of pods; both digests are the first of the pods' templates."""

    name: str
    phase: str
    message: str = ""
    step: int = 0
    steps: int = 0
    weight: int = 0
    stable: str = ""
    current: str = ""
    aborted: bool = False
    paused: bool = False
    analysis: tuple[str, ...] = ()
    """What each measure says, the bad ones first; of several analyses the last."""

    @property
    def on_its_way(self) -> bool:
        """Whether two versions are there."""
        return self.stable != self.current

    @property
    def why(self) -> str:
        """Of an abort, in words."""
        return f"{self.name}: {self.analysis[0] if self.analysis else self.message or 'aborted'}"


async def canaries(cluster: Cluster, namespace: str) -> list[Canary]:
    """Every Rollout of an environment; none where it has none."""
    rollouts = await cluster.each(ROLLOUTS, namespace)
    runs = await cluster.each(ANALYSES, namespace) if rollouts else []
    return [read(each, runs) for each in rollouts]


def read(rollout: Json, runs: Sequence[Json]) -> Canary:
    """One out of what the API says, with the analyses of its newest version."""
    status: Json = rollout.get("status", {})
    name, current = rollout["metadata"]["name"], status.get("currentPodHash", "")
    steps = rollout["spec"].get("strategy", {}).get("canary", {}).get("steps", [])
    step = status.get("currentStepIndex", 0)
    own = sorted((each for each in runs if _belongs(each, name, current)), key=_begun)
    measures = {measure: said for each in own for measure, said in _said(each)}
    return Canary(
        name=name,
        phase=status.get("phase", "Progressing"),
        message=status.get("message", ""),
        step=step,
        steps=len(steps),
        weight=_weight(steps[:step]) if status.get("stableRS") != current else 100,
        stable=status.get("stableRS", ""),
        current=current,
        aborted=bool(status.get("abort")),
        paused=bool(rollout["spec"].get("paused")) or bool(status.get("pauseConditions")),
        analysis=tuple(sorted(measures.values(), key=_badness)),
    )


def _belongs(run: Json, rollout: str, current: str) -> bool:
    owners = [each["name"] for each in run["metadata"].get("ownerReferences", [])]
    return rollout in owners and run["metadata"].get("labels", {}).get("rollouts-pod-template-hash") == current


def _begun(run: Json) -> str:
    return str(run["metadata"].get("creationTimestamp", ""))


def _said(run: Json) -> Iterator[tuple[str, str]]:
    """Each measure with what it says."""
    status: Json = run.get("status", {})
    for each in status.get("metricResults", []):
        last = (each.get("measurements") or [{}])[-1]
        value = last.get("value") or each.get("message") or last.get("message") or ""
        yield each["name"], f"{each['name']} {each.get('phase', 'Running').lower()}{f': {value}' if value else ''}"
    if status.get("phase") in BAD and not status.get("metricResults"):
        name = run["metadata"]["name"]
        yield name, f"{name} {status['phase'].lower()}: {status.get('message', '')}"


def _badness(said: str) -> tuple[bool, str]:
    return not any(f" {each.lower()}" in said for each in BAD), said


def _weight(steps: Sequence[Json]) -> int:
    weights = [each["setWeight"] for each in steps if "setWeight" in each]
    return int(weights[-1]) if weights else 0


async def promote(cluster: Cluster, namespace: str, canary: Canary, *, full: bool = False) -> None:
    """End a pause, or leave a step out that is under way; with ``full`` all steps and analyses."""
    _need(canary)
    if full:
        await _status(cluster, namespace, canary, {"promoteFull": True})
        return
    if canary.paused:
        await cluster.merge(ROLLOUTS, namespace, canary.name, {"spec": {"paused": False}})
        await _status(cluster, namespace, canary, {"pauseConditions": None})
    else:
        await _status(cluster, namespace, canary, {"currentStepIndex": canary.step + 1})


async def pause(cluster: Cluster, namespace: str, canary: Canary) -> None:
    """Stay at this step until it is promoted or aborted."""
    _need(canary)
    await cluster.merge(ROLLOUTS, namespace, canary.name, {"spec": {"paused": True}})


async def abort(cluster: Cluster, namespace: str, canary: Canary) -> None:
    """Back to what is stable, at once."""
    _need(canary)
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    await _status(cluster, namespace, canary, {"abort": True, "abortedAt": at})


async def _status(cluster: Cluster, namespace: str, canary: Canary, change: Json) -> None:
    await cluster.merge(ROLLOUTS, namespace, canary.name, {"status": change}, part="status")


def _need(canary: Canary) -> None:
    if not canary.on_its_way:
        raise TradectlError(f"{canary.name} has no canary: all of it is one version", "", ExitCode.NOT_FOUND)
