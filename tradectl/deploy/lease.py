"""One deploy at a time an environment: a Lease of the cluster, which ends by itself where whoever held it is gone."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from tradectl.deploy.api import LEASES, Cluster, Contradicted, Json
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.evidence import moment

NAMESPACE = "argocd"
"""Where leases lie: an environment has no namespace before its first release."""
LIFETIME = 30
"""Seconds without a sign after which a deploy is taken for dead; clocks of those who deploy differ by less."""
RENEW_EVERY = 8.0


@asynccontextmanager
async def held(cluster: Cluster, environment: str, by: str) -> AsyncIterator[None]:
    """Hold the environment's lease within; CONFLICT, with who holds it, where somebody else does.

    Where it is lost, because nothing of ours reached the cluster for too long, what is within is cancelled.
    """
    name, own = f"tradectl-{environment}", f"{by} ({socket.gethostname()}, process {os.getpid()})"
    await _take(cluster, environment, name, own)
    try:
        async with asyncio.TaskGroup() as group:
            renewing = group.create_task(_renew(cluster, name, own))
            yield
            renewing.cancel()
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    finally:
        await _give_back(cluster, name, own)


async def holder(cluster: Cluster, environment: str) -> str:
    """Who deploys to an environment now; empty where nobody does."""
    there = await cluster.find(LEASES, NAMESPACE, f"tradectl-{environment}")
    spec = _live(there) if there else None
    return str(spec["holderIdentity"]) if spec else ""


async def _take(cluster: Cluster, environment: str, name: str, own: str) -> None:
    try:
        there = await cluster.find(LEASES, NAMESPACE, name)
        if there is None:
            await cluster.create(LEASES, NAMESPACE, {"metadata": {"name": name}, "spec": _spec(own)})
            return
        if spec := _live(there):
            raise _taken(environment, spec)
        version = {"resourceVersion": there["metadata"]["resourceVersion"]}
        await cluster.merge(LEASES, NAMESPACE, name, {"metadata": version, "spec": _spec(own)})
    except Contradicted as error:
        raise TradectlError(
            f"somebody else begins to deploy to {environment}", "try again", ExitCode.CONFLICT
        ) from error


def _live(lease: Json) -> Json | None:
    """Its spec while somebody holds it."""
    spec: Json = lease["spec"]
    if not spec.get("holderIdentity"):
        return None
    over = moment(spec["renewTime"]) + timedelta(seconds=spec["leaseDurationSeconds"])
    return spec if datetime.now(UTC) < over else None


def _taken(environment: str, spec: Json) -> TradectlError:
    since = spec["acquireTime"][:19].replace("T", " ")
    said = f"{spec['holderIdentity']} deploys to {environment} since {since} UTC"
    return TradectlError(said, f"`tradectl deploy status {environment} --watch`", ExitCode.CONFLICT)


def _spec(own: str) -> Json:
    now = _now()
    return {"holderIdentity": own, "acquireTime": now, "renewTime": now, "leaseDurationSeconds": LIFETIME}


async def _renew(cluster: Cluster, name: str, own: str) -> None:
    last = asyncio.get_running_loop().time()
    while True:
        await asyncio.sleep(RENEW_EVERY)
        try:
            there = await cluster.find(LEASES, NAMESPACE, name)
            if there is None or there["spec"].get("holderIdentity") != own:
                raise TradectlError(
                    "the lease was taken by somebody else", "begin again: it goes on", ExitCode.CONFLICT
                )
            version = {"resourceVersion": there["metadata"]["resourceVersion"]}
            await cluster.merge(LEASES, NAMESPACE, name, {"metadata": version, "spec": {"renewTime": _now()}})
        except TradectlError as error:
            if error.exit_code is not ExitCode.NOT_UP or asyncio.get_running_loop().time() - last > LIFETIME:
                raise
        else:
            last = asyncio.get_running_loop().time()


async def _give_back(cluster: Cluster, name: str, own: str) -> None:
    with suppress(TradectlError):  # it ends by itself
        there = await cluster.find(LEASES, NAMESPACE, name)
        if there is not None and there["spec"].get("holderIdentity") == own:
            version = {"resourceVersion": there["metadata"]["resourceVersion"]}
            await cluster.merge(LEASES, NAMESPACE, name, {"metadata": version, "spec": {"holderIdentity": ""}})


def _now() -> str:
    """As Kubernetes writes a MicroTime."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
