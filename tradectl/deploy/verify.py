"""Whether what runs is what was released: signatures, and the images of every pod."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tradectl.deploy.api import PODS, Cluster, Json
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.environments import Environments
from tradectl.release.record import Release
from tradectl.release.registry import Registry
from tradectl.release.signing import Verifier

KEY = "cosign.pub"
"""The public key, in the environments repository."""


@dataclass(frozen=True)
class Check:
    """``why`` is empty where it holds."""

    what: str
    ok: bool
    why: str = ""


@dataclass(frozen=True)
class Verified:
    """All of an environment's checks."""

    release: str
    checks: list[Check]

    @property
    def ok(self) -> bool:
        return all(each.ok for each in self.checks)


async def verify(environments: Environments, cluster: Cluster, environment: str, key: str | None) -> Verified:
    """Look at everything; TradectlError where there is nothing to look at, or no key to look with."""
    there = environments.deployed(environment)
    if there is None:
        hint = f"`tradectl deploy apply {environment}`"
        raise TradectlError(f"{environment} has had no release yet", hint, ExitCode.NOT_FOUND)
    public = Path(key) if key else environments.repository.path / KEY
    if not public.exists():
        raise TradectlError(f"there is no public key at {public.name}", "say --key cosign.pub", ExitCode.NOT_FOUND)
    release = environments.release(there.release)
    pods = await cluster.each(PODS, environment)
    record = environments.record(there.release)
    checks = [_checked(f"record of {there.release}", partial(Verifier(public).verify_file, record))]
    for name, part in {**release.images, **release.charts}.items():
        verifier = Verifier(public, plain=Registry(part.repository).plain)
        checks.append(_checked(f"{name} {part.address}", partial(verifier.verify, part)))
    return Verified(there.release, [*checks, *of_pods(release, pods)])


def _checked(what: str, look: Callable[[], None]) -> Check:
    try:
        look()
    except TradectlError as error:
        return Check(what, ok=False, why=error.message)
    return Check(what, ok=True)


def of_pods(release: Release, pods: list[Json]) -> Iterator[Check]:
    """Each pod's image is one of the release's, by digest."""
    known = {part.digest for part in release.images.values()}
    for pod in pods:
        for container in pod["spec"]["containers"]:
            _, _, digest = container["image"].partition("@")
            name = f"pod {pod['metadata']['name']}"
            why = "" if digest in known else f"{container['image']} is not of this release"
            yield Check(name, ok=not why, why=why)
