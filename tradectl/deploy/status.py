"""How an environment is: what Git says, what is there, who changes it, and what is wrong."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from tradectl.alerts.asking import Alert, read_alert
from tradectl.deploy import lease
from tradectl.deploy.api import Cluster
from tradectl.deploy.applications import Application, applications
from tradectl.deploy.canaries import Canary, canaries
from tradectl.deploy.troubles import Trouble, troubles
from tradectl.deploy.verdict import State, Verdict, verdict
from tradectl.release.closures import closures
from tradectl.release.environments import Change, Environments

WATCHING, ALERTMANAGER, PORT = "observability", "alertmanager", 9093
AROUND = 4
"""Changes that are shown."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """``release`` is none for an environment that never had one; ``deploying`` who changes it now, or empty."""

    environment: str
    release: str | None
    verdict: Verdict
    closed: Sequence[str] = ()
    deploying: str = ""
    around: Sequence[Change] = ()
    applications: Mapping[str, Application]
    canaries: Sequence[Canary] = ()
    troubles: Sequence[Trouble] = ()
    alerts: Sequence[Alert] = ()
    watched: bool = True
    """Whether Alertmanager answered."""

    @property
    def drift(self) -> list[str]:
        """What is not as Git has it, when nothing is on its way."""
        if self.verdict.state is State.ON_ITS_WAY:
            return []
        return [each for found in self.applications.values() for each in found.differs]

    @property
    def well(self) -> bool:
        return self.verdict.state is State.ARRIVED and not self.drift


async def status(environments: Environments, cluster: Cluster, environment: str) -> Status:
    """Ask all at once."""
    found, steps, pods, alerts, holder = await asyncio.gather(
        applications(cluster, environment),
        canaries(cluster, environment),
        troubles(cluster, environment),
        _alerts(cluster, environment),
        lease.holder(cluster, environment),
    )
    deployed = environments.deployed(environment)
    nothing = Verdict(State.ON_ITS_WAY, "it has had no release yet")
    return Status(
        environment=environment,
        release=deployed.release if deployed else None,
        verdict=verdict(environments.release(deployed.release), found, steps, pods) if deployed else nothing,
        closed=closures(environments, environment).why(datetime.now(UTC)),
        deploying=holder,
        around=list(islice(environments.history(environment), AROUND)),
        applications=found,
        canaries=steps,
        troubles=pods,
        alerts=alerts or [],
        watched=alerts is not None,
    )


async def _alerts(cluster: Cluster, environment: str) -> list[Alert] | None:
    """Those of an environment that fire; none where Alertmanager does not answer."""
    found = await cluster.page(WATCHING, ALERTMANAGER, PORT, "api/v2/alerts")
    if found is None:
        return None
    alerts = [read_alert(each) for each in found]
    return [each for each in alerts if each.state == "active" and each.labels.get("environment") == environment]


def document(found: Status) -> dict[str, Any]:
    """For scripts."""
    return {
        **asdict(found),
        "verdict": {"state": found.verdict.state.value, "why": found.verdict.why},
        "drift": found.drift,
        "well": found.well,
    }
