"""Whether what runs is what was released: all that was signed, and the images of every pod."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tradectl.deploy.api import PODS, Cluster, Json
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.assembly.publication import Check, verified
from tradectl.release.environments import Environments
from tradectl.release.record import Release


async def verify(environments: Environments, cluster: Cluster, environment: str, key: Path | None) -> list[Check]:
    """Look at everything; TradectlError where there is nothing to look at, or no key to look with."""
    there = environments.deployed(environment)
    if there is None:
        hint = f"`tradectl deploy apply {environment}`"
        raise TradectlError(f"{environment} has had no release yet", hint, ExitCode.NOT_FOUND)
    pods = await cluster.each(PODS, environment)
    signed = verified(environments, there.release, key)
    return [*signed, *of_pods(environments.release(there.release), pods)]


def of_pods(release: Release, pods: Sequence[Json]) -> Iterator[Check]:
    """Each pod's image is one of the release's, by digest."""
    known = {part.digest for part in release.images.values()}
    for pod in pods:
        for container in pod["spec"]["containers"]:
            _, _, digest = container["image"].partition("@")
            why = "" if digest in known else f"{container['image']} is not of this release"
            yield Check(f"pod {pod['metadata']['name']}", why)
