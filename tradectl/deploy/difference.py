"""What would change: rendered objects, as the API server would make them, held against those that are there."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from hashlib import sha256
from typing import Any, Literal

import yaml

from tradectl.deploy.api import NAMESPACES, Cluster, Json
from tradectl.deploy.applications import Application

MANAGER = "argocd-controller"
"""By whose hand Argo CD applies: what it no longer wants goes with the dry run."""
SERVERS = ("managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink")
"""What the server writes by itself."""
OF_OTHERS = ("argocd.argoproj.io/", "rollout.argoproj.io/", "deployment.kubernetes.io/")
"""Annotations that controllers keep."""
Change = Literal["added", "changed", "removed"]


@dataclass(frozen=True)
class Difference:
    """Of one object, as Kind/name; the diff is unified, of YAML."""

    object: str
    change: Change
    diff: str


async def differences(
    cluster: Cluster, namespace: str, wanted: Mapping[str, Sequence[Json]], found: Mapping[str, Application]
) -> list[Difference]:
    """All of an environment's, in the order of their names. Needs the right to patch, and changes nothing."""
    there = await cluster.find(NAMESPACES, namespace, namespace)
    each = [_of(cluster, namespace, one, asked=there is not None) for name in wanted for one in wanted[name]]
    changed = [one for one in await asyncio.gather(*each) if one is not None]
    gone = [Difference(name, "removed", "") for name in _pruned(wanted, found)]
    return sorted([*changed, *gone], key=lambda one: one.object)


def _pruned(wanted: Mapping[str, Sequence[Json]], found: Mapping[str, Application]) -> Iterator[str]:
    """What Argo CD has brought and Git no longer has."""
    for name, objects in wanted.items():
        there = {named(one) for one in objects}
        yield from (one for one in found[name].objects if one not in there)


async def _of(cluster: Cluster, namespace: str, wanted: Json, *, asked: bool) -> Difference | None:
    """The server is ``asked`` what it would make of it where the namespace is there."""
    if not asked:
        return Difference(named(wanted), "added", shown(wanted))
    kind = await cluster.kind_of(wanted)
    there = await cluster.find(kind, namespace, wanted["metadata"]["name"])
    then = await cluster.would_be(kind, namespace, wanted, MANAGER)
    before, after = (shown(one) if one else "" for one in (there, then))
    if before == after:
        return None
    lines = unified_diff(before.splitlines(), after.splitlines(), "there", "then", lineterm="")
    return Difference(named(wanted), "changed" if there else "added", "\n".join(lines))


def shown(found: Json) -> str:
    """An object as a person reads it: without what the server and controllers write, and without secrets."""
    metadata = {key: value for key, value in found["metadata"].items() if key not in SERVERS}
    kept = {key: value for key, value in metadata.get("annotations", {}).items() if not key.startswith(OF_OTHERS)}
    if kept:
        metadata["annotations"] = kept
    else:
        metadata.pop("annotations", None)
    told = {**found, "metadata": metadata}
    told.pop("status", None)
    return yaml.safe_dump(_masked(told), sort_keys=True, allow_unicode=True, width=1_000)


def _masked(found: Json) -> Json:
    if found["kind"] != "Secret":
        return found
    parts = [part for part in ("data", "stringData") if part in found]
    return {**found, **{part: {key: _mask(value) for key, value in found[part].items()} for part in parts}}


def _mask(value: Any) -> str:
    """Enough to see that it changed."""
    return f"(hidden, {sha256(str(value).encode()).hexdigest()[:8]})"


def named(found: Json) -> str:
    return f"{found['kind']}/{found['metadata']['name']}"
