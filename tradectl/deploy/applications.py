"""Argo CD's Applications of an environment: asked to look, and read (argoproj.io/v1alpha1)."""

from collections.abc import Mapping
from dataclasses import dataclass

from tradectl.deploy.api import APPLICATION_SETS, APPLICATIONS, Cluster, Json
from tradectl.release.record import Release

NAMESPACE = "argocd"
CHARTS = {"data": "data", "platform": "tradectl"}
"""The chart of each Application by what its name begins with: compose/kubernetes/argocd names them so."""
REFRESH = {"metadata": {"annotations": {"argocd.argoproj.io/refresh": "normal"}}}
LOOK = {"metadata": {"annotations": {"argocd.argoproj.io/application-set-refresh": "true"}}}
END = {"status": {"operationState": {"phase": "Terminating"}}}
RELEASE = "tradectl/release"


@dataclass(frozen=True, kw_only=True)
class Application:
    """``sync`` is Synced or OutOfSync, ``health`` Healthy, Progressing, Degraded, Suspended or Missing."""

    name: str
    release: str = ""
    revisions: tuple[str, ...] = ()
    sync: str = "Unknown"
    health: str = "Missing"
    phase: str = ""
    """Of the last operation: Running, Succeeded, Failed, Error."""
    synced: tuple[str, ...] = ()
    """The revisions that it is or was about."""
    message: str = ""
    differs: tuple[str, ...] = ()
    """Objects that are not as Git has them, as Kind/name."""
    failed_hooks: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()

    def has(self, release: Release) -> bool:
        """Whether it has looked at what Git says now."""
        return self.release == release.version and self._digest(release) in self.revisions

    def is_well(self, release: Release) -> bool:
        """Whether all that Git says now is there, and healthy."""
        return self.has(release) and (self.sync, self.health) == ("Synced", "Healthy") and self.phase != "Running"

    def is_stuck(self, release: Release) -> bool:
        """Whether it still waits for a release that Git no longer names: it would not begin with another."""
        return self.has(release) and self.phase == "Running" and self._digest(release) not in self.synced

    def _digest(self, release: Release) -> str:
        return release.charts[CHARTS[self.name.partition("-")[0]]].digest


async def look(cluster: Cluster, environment: str) -> None:
    """Have Argo CD look at Git at once: the sets, which tell Applications of releases, and the Applications."""
    for name in CHARTS:
        if await cluster.find(APPLICATION_SETS, NAMESPACE, name):
            await cluster.merge(APPLICATION_SETS, NAMESPACE, name, LOOK)
        if await cluster.find(APPLICATIONS, NAMESPACE, f"{name}-{environment}"):
            await cluster.merge(APPLICATIONS, NAMESPACE, f"{name}-{environment}", REFRESH)


async def free(cluster: Cluster, found: Mapping[str, Application], release: Release) -> None:
    """End operations that wait for what Git no longer names."""
    for each in found.values():
        if each.is_stuck(release):
            await cluster.merge(APPLICATIONS, NAMESPACE, each.name, END)


async def applications(cluster: Cluster, environment: str) -> Mapping[str, Application]:
    """Both, by what their names begin with."""
    names = {each: f"{each}-{environment}" for each in CHARTS}
    found = {each: await cluster.find(APPLICATIONS, NAMESPACE, name) for each, name in names.items()}
    return {each: read(names[each], there) for each, there in found.items()}


def read(name: str, there: Json | None) -> Application:
    """An Application out of what the API says."""
    if there is None:
        return Application(name=name)
    status: Json = there.get("status", {})
    sync, operation = status.get("sync", {}), status.get("operationState", {})
    resources = status.get("resources", [])
    hooks = operation.get("syncResult", {}).get("resources") or []
    complaints = [each["message"] for each in status.get("conditions", []) if each["type"].endswith("Error")]
    return Application(
        name=name,
        release=there["metadata"].get("annotations", {}).get(RELEASE, ""),
        revisions=tuple(sync.get("revisions") or [sync.get("revision", "")]),
        sync=sync.get("status", "Unknown"),
        health=status.get("health", {}).get("status", "Missing"),
        phase=operation.get("phase", ""),
        synced=tuple(_revisions(operation)),
        message=complaints[0] if complaints else operation.get("message", ""),
        differs=tuple(_named(each) for each in resources if each.get("status") == "OutOfSync"),
        failed_hooks=tuple(_named(each) for each in hooks if each.get("hookPhase") == "Failed"),
        objects=tuple(_named(each) for each in resources),
    )


def _revisions(operation: Json) -> list[str]:
    asked = operation.get("operation", {}).get("sync", {})
    return asked.get("revisions") or [asked.get("revision", "")]


def _named(resource: Json) -> str:
    return f"{resource['kind']}/{resource['name']}"
