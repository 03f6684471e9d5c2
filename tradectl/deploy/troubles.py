"""Pods of an environment that are not well: why, and what they wrote last."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tradectl.deploy.api import PODS, Cluster, Json
from tradectl.release.record import Release

OURS = frozenset(
    {"ImagePullBackOff", "ErrImagePull", "InvalidImageName", "CreateContainerConfigError", "Unschedulable"}
)
"""Reasons that lie in registry, secrets or cluster, and not in what was built."""
CRASHES = 3
"""Restarts in a row after which a pod is taken for one that cannot start."""
LINES = 6


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """``reason`` is Kubernetes' word, such as CrashLoopBackOff; ``lines`` the last that the container wrote."""

    pod: str
    container: str
    reason: str
    message: str = ""
    restarts: int = 0
    lines: tuple[str, ...] = ()
    image: str = ""
    """Of its container; the pod's first for one that found no place."""

    def belongs_to(self, release: Release) -> bool:
        """Whether it is of this release: pods of the one before may still be on their way out."""
        return self.image.partition("@")[2] in {part.digest for part in release.images.values()}

    @property
    def ours(self) -> bool:
        """Whether it is the fault of whoever runs the cluster, and not the release's."""
        return self.reason in OURS

    @property
    def lasting(self) -> bool:
        """Whether it will not mend itself: a pod may crash while a server is on its way."""
        return self.ours or self.restarts >= CRASHES


async def troubles(cluster: Cluster, namespace: str) -> list[Trouble]:
    """All of them, with their last lines."""
    found = [each for pod in await cluster.each(PODS, namespace) for each in of(pod)]
    return await asyncio.gather(*(_told(cluster, namespace, each) for each in found))


async def _told(cluster: Cluster, namespace: str, trouble: Trouble) -> Trouble:
    if not trouble.restarts:
        return trouble
    said = await cluster.lines(namespace, trouble.pod, trouble.container, LINES, before=True)
    return replace(trouble, lines=tuple(said.splitlines()))


def of(pod: Json) -> Iterator[Trouble]:
    """What is wrong with a pod; one that ends because it is told to is not."""
    status: Json = pod.get("status", {})
    name = pod["metadata"]["name"]
    images = [(each["name"], each["image"]) for each in pod["spec"]["containers"]]
    if "deletionTimestamp" in pod["metadata"] or status.get("phase") == "Succeeded":
        return
    for condition in status.get("conditions", []):
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            why = condition.get("message", "")
            yield Trouble(pod=name, container="", reason="Unschedulable", message=why, image=images[0][1])
    for container in status.get("containerStatuses", []):
        if found := _of_container(name, container):
            yield replace(found, image=dict(images)[container["name"]])


def _of_container(pod: str, status: Json) -> Trouble | None:
    state: Json = status.get("state", {})
    waits, ended = state.get("waiting", {}), state.get("terminated", {})
    reason = waits.get("reason", "") or (ended.get("reason", "") if ended.get("exitCode") else "")
    if not reason or reason in {"ContainerCreating", "PodInitializing"}:
        return None
    last: Json = status.get("lastState", {}).get("terminated", {})
    exited = f"exit code {last['exitCode']}" if "exitCode" in last else ""
    return Trouble(
        pod=pod,
        container=status["name"],
        reason=reason,
        message=exited or waits.get("message", ""),
        restarts=status.get("restartCount", 0),
    )


def worst(found: Sequence[Trouble]) -> Trouble | None:
    """The one to be told first."""
    lasting = [each for each in found if each.lasting]
    return max(lasting, key=lambda each: each.restarts, default=None)
