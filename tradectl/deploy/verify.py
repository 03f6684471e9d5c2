"""Whether what runs is what was released: all that was signed, and the images of every pod and CronJob."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tradectl.deploy.api import CRON_JOBS, PODS, Cluster, Json
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.assembly.publication import Check, verified
from tradectl.release.environments import Environments
from tradectl.release.record import Release

ENDED = ("Succeeded", "Failed")
"""Phases of pods that run no more."""


async def verify(environments: Environments, cluster: Cluster, environment: str, key: Path | None) -> list[Check]:
    """Look at everything; TradectlError where there is nothing to look at, or no key to look with."""
    there = environments.deployed(environment)
    if there is None:
        hint = f"`tradectl deploy apply {environment}`"
        raise TradectlError(f"{environment} has had no release yet", hint, ExitCode.NOT_FOUND)
    pods, jobs = await cluster.each(PODS, environment), await cluster.each(CRON_JOBS, environment)
    signed, release = verified(environments, there.release, key), environments.release(there.release)
    return [*signed, *of_pods(release, pods), *of_cron_jobs(release, jobs)]


def of_pods(release: Release, pods: Sequence[Json]) -> Iterator[Check]:
    """Each pod's image is one of the release's, by digest; one that has ended may be of the release before."""
    for pod in pods:
        if pod.get("status", {}).get("phase") not in ENDED:
            yield from _of_spec(release, f"pod {pod['metadata']['name']}", pod["spec"])


def of_cron_jobs(release: Release, jobs: Sequence[Json]) -> Iterator[Check]:
    """What will run, though no pod of it may be there."""
    for job in jobs:
        spec = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        yield from _of_spec(release, f"cron job {job['metadata']['name']}", spec)


def _of_spec(release: Release, what: str, spec: Json) -> Iterator[Check]:
    known = {part.digest for part in release.images.values()}
    for container in (*spec.get("initContainers", ()), *spec["containers"]):
        _, _, digest = container["image"].partition("@")
        yield Check(what, "" if digest in known else f"{container['image']} is not of this release")
