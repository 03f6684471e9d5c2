"""Whoever deploys to an environment of the lab's cluster: by `tradectl deploy`, Git and real Argo CD."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.watched import Watching
from tests.clusters import Cluster, Followed, Namespace
from tests.e2e.tool import Result, Tool
from tradectl.probes.clock import market_time
from tradectl.release.record import Release
from tradectl.render.wiring import world_ports
from tradectl.stack.topology import platform

OVERRIDE = ("--override", "a test has no evidence")


class Desk:
    """With an environments repository, a namespace and its secrets, all of a test's own."""

    def __init__(self, cluster: Cluster, folder: Path, environment: str, own: Mapping[str, Any] = {}) -> None:
        self.environment = environment
        self.followed = Followed(cluster, folder)
        self.followed.own_values(environment, own)
        self.namespace = Namespace(cluster, environment, folder)
        self._tool = Tool(folder, patience=900)
        repository = self.followed.environments.repository
        repository.run("add", "--all")
        repository.run("commit", "--quiet", "--message", "values of a small node")
        self._told = {
            "TRADECTL_ENVIRONMENTS": str(self.followed.origin),
            "KUBECONFIG": cluster.environment["KUBECONFIG"],
            "PATH": cluster.environment["PATH"],
        }

    def deploy(self, *arguments: str) -> Result:
        return self._tool.run("deploy", *arguments, **self._told)

    def running(self, *arguments: str) -> AbstractContextManager[subprocess.Popen[str]]:
        """A command that goes on by itself."""
        return self._tool.running(*arguments, **self._told)

    def apply(self, release: Release) -> Result:
        """Its outcome, good or bad."""
        return self.deploy("apply", self.environment, "--release", release.version, "--json", *OVERRIDE)

    def scenario(self, file: str) -> str:
        """The digest of a held scenario, run here at the door."""
        where = ("--target", self.namespace.door(), "--cacert", str(self.namespace.authority))
        run = ("tradectl", "scenario", "run", file, "--json", *where)
        return digest_of(self.deploy("reach", self.environment, "--", *run))

    def on_this_machine(self, file: str) -> str:
        """The same in a sandbox of embedded parts."""
        return digest_of(self._tool.run("scenario", "run", file, "--json"))

    def market(self, mode: str) -> None:
        """Have market time stand or go on."""
        with self.namespace.forwarded("sim", world_ports(platform())["clock.http"]) as clock:
            market_time(clock, {"mode": mode})

    def smoke(self) -> Result:
        """An order from outside."""
        with self.namespace.forwarded("sim", world_ports(platform())["mail.http"]) as mail:
            where = ("--target", self.namespace.door(), "--mail", mail, "--cacert", str(self.namespace.authority))
            return self._tool.run("smoke", *where, "--json")

    @contextmanager
    def traffic(self, rate: int) -> Iterator[None]:
        """Traders at the door, for as long as it takes."""
        load = ("tradectl", "load", "run", "trader", "--rate", str(rate), "--duration", "900")
        where = ("--target", self.namespace.door(), "--cacert", str(self.namespace.authority))
        with self.running("deploy", "reach", self.environment, "--", *load, *where) as process:
            assert process.stderr is not None
            for line in process.stderr:
                if " of 900 s" in line:
                    break
            yield

    def remove(self) -> None:
        self.followed.remove()
        self.namespace.cluster.kubectl("delete", "namespace", self.environment, "--ignore-not-found", "--wait=true")


@contextmanager
def watched(cluster: Cluster, folders: pytest.TempPathFactory, own: Mapping[str, Any] = {}) -> Iterator[Desk]:
    """One of stage, over which Prometheus watches: canaries are judged."""
    made = Desk(cluster, folders.mktemp("desk"), "stage", own)
    watching = Watching(cluster, "observability", "stage", folders.mktemp("watching"))
    try:
        yield made
    finally:
        watching.remove()
        made.remove()


def digest_of(said: Result) -> str:
    """Of the one scenario that was run."""
    assert said.code == 0, f"{said.out[-2000:]}{said.err[-2000:]}"
    (outcome,) = said.json["outcomes"]
    assert outcome["status"] == "held", outcome["why"]
    return str(outcome["digest"])
