"""Waits until what Git says is there, or until it is plain that it will not be."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from tradectl.deploy.api import Cluster
from tradectl.deploy.applications import applications, free, look
from tradectl.deploy.canaries import Canary, canaries
from tradectl.deploy.troubles import troubles
from tradectl.deploy.verdict import State, Verdict, verdict
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.record import Release

Listener = Callable[[str], None]
"""Told of each change, in words."""
LOOK_EVERY = 1.0
REFRESH_EVERY = 15.0
"""Seconds after which Argo CD is asked again: by itself it looks every few minutes."""
LASTS = 30.0
"""Seconds for which what may mend itself has to stand."""


async def arrival(cluster: Cluster, environment: str, release: Release, patience: float, listen: Listener) -> Verdict:
    """How it ended: arrived, failed or errored; still on its way where ``patience`` seconds were not enough."""
    began = refreshed = stood_since = time.monotonic()
    await look(cluster, environment)
    seen, told = Verdict(State.ON_ITS_WAY), ""
    while time.monotonic() - began < patience:
        found, steps = await _now(cluster, environment, release)
        if (found.state, found.why) != (seen.state, seen.why):
            seen, stood_since = found, time.monotonic()
        if (line := f"{found.why}{steps}") != told and found.why:
            told = line
            listen(line)
        stands = time.monotonic() - stood_since >= LASTS
        if found.state is not State.ON_ITS_WAY and (found.lasting or stands):
            return found
        if time.monotonic() - refreshed > REFRESH_EVERY:
            refreshed = time.monotonic()
            with suppress(TradectlError):  # told by the next question, if it stays so
                await look(cluster, environment)
        await asyncio.sleep(LOOK_EVERY)
    return seen


async def _now(cluster: Cluster, environment: str, release: Release) -> tuple[Verdict, str]:
    try:
        return await _asked(cluster, environment, release)
    except TradectlError as error:
        if error.exit_code is not ExitCode.NOT_UP:
            raise
        return Verdict(State.ERRORED, error.message, lasting=False), ""


async def _asked(cluster: Cluster, environment: str, release: Release) -> tuple[Verdict, str]:
    found, steps, pods = await asyncio.gather(
        applications(cluster, environment), canaries(cluster, environment), troubles(cluster, environment)
    )
    await free(cluster, found, release)
    return verdict(release, found, steps, pods), "".join(f"; {_step(each)}" for each in steps if each.on_its_way)


def _step(canary: Canary) -> str:
    return f"{canary.name} canary {canary.weight} %, step {canary.step} of {canary.steps}"
