"""A real cluster of one node for tests: the lab's, where it was built; and the charts on it."""

import json
import os
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.contracts.door import PAGES
from tests.architecture.tree import ROOT
from tests.charts import FOLDER, KINDS
from tradectl.certs.folder import Folder
from tradectl.probes.eventually import eventually
from tradectl.release.assembly.images import kinds
from tradectl.release.environments import Environments
from tradectl.release.git import clone
from tradectl.release.migrations import migrations
from tradectl.release.program import run
from tradectl.release.record import Part, Release
from tradectl.release.registry import Registry
from tradectl.render.secrets import make
from tradectl.render.wiring import world_ports
from tradectl.stack.topology import platform

LAB = next((each for above in ROOT.parents if (each := above / "shared/lab").exists()), ROOT.parent / "shared/lab")
BUILT = Path(os.environ.get("LAB_HOME", "/opt/lab")) / "bin/kubectl"
IMAGES = {
    "platform": os.environ.get("TRADECTL_IMAGE_PLATFORM", "tradectl/platform:dev"),
    "envoy": "lab/envoy:1",
    "percona": "lab/mysql:9",
    "rabbitmq": "lab/rabbitmq:4",
    "redis": "lab/redis:8",
}
BESIDE = {
    "mysqld_exporter": "lab/mysqld-exporter:0",
    "redis_exporter": "lab/redis-exporter:1",
    "versitygw": "lab/versitygw:1",
    "backup": os.environ.get("TRADECTL_IMAGE_BACKUP", "tradectl/backup:dev"),
    "prometheus": "lab/prometheus:2",
    "alertmanager": "lab/alertmanager:0.28",
    "loki": "lab/loki:3",
    "jaeger": "lab/jaeger:2",
}
"""What a test that installs charts by Helm alone may do without; a release has those that `images.kinds` names."""
CHARTS = (("tradectl", "chart"), ("data", "data"))
"""Names of charts, and their folders."""
RELEASES = {"chart": "platform"}
"""Names of Helm's releases, where they are not the charts'."""
RESTRICTED = "pod-security.kubernetes.io/enforce=restricted"
PATIENCE = 300
"""Seconds for a command that waits for pods."""


def need() -> None:
    """Skip where there is no cluster to be had."""
    if not BUILT.exists():
        pytest.skip("no cluster was built here: ../shared/lab/kubernetes up")


class Cluster:
    """The lab's, up."""

    def __init__(self) -> None:
        self.environment = {**os.environ, **_exported()}
        self.run(str(LAB / "kubernetes"), "up")

    def run(self, *command: str, told: str | None = None) -> str:
        """What a command prints; its own words where it fails."""
        done = subprocess.run(
            command, env=self.environment, input=told, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        assert done.returncode == 0, f"{' '.join(command)[:200]}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout

    def kubectl(self, *arguments: str, told: str | None = None) -> str:
        return self.run("kubectl", *arguments, told=told)

    def refused(self, *arguments: str, told: str | None = None) -> str:
        """What kubectl says of what it must not do."""
        done = subprocess.run(
            ("kubectl", *arguments), env=self.environment, input=told, capture_output=True, text=True, check=False
        )
        assert done.returncode != 0, done.stdout
        return done.stderr

    def may(self, verb: str, what: str, namespace: str, *who: str) -> bool:
        """Whether the API server lets somebody do something."""
        resource, _, part = what.partition("/")
        command = ("kubectl", "auth", "can-i", verb, resource, f"--subresource={part}", "-n", namespace, *who)
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        return done.stdout.strip() == "yes"

    def objects(self, kind: str, namespace: str) -> list[dict[str, Any]]:
        """Those of a kind."""
        found: list[dict[str, Any]] = json.loads(self.kubectl("get", kind, "-n", namespace, "-o", "json"))["items"]
        return found

    @cache  # noqa: B019 (one for the session)
    def pushed(self, image: str) -> tuple[str, str]:
        """Repository and digest in the cluster's registry of an image of the engine."""
        repository = f"{self.environment['REGISTRY']}/{image.rpartition(':')[0]}"
        said = self.run(str(LAB / "kubernetes"), "push", image).split()
        # The engine tells of every name that it was ever pushed by, and of registries that are gone.
        *_, digest = [digest for name, _, digest in (each.partition("@") for each in said) if name == repository]
        return repository, digest

    def images(self, chart: str, *beside: str) -> list[str]:
        """Helm's options that name a chart's images, with those beside a release's that are wanted."""
        said = []
        for kind in (each for each in KINDS[chart] if each in IMAGES or each in beside):
            repository, digest = self.pushed((IMAGES | BESIDE)[kind])
            said += [f"images.{kind}.repository={repository}", f"images.{kind}.digest={digest}"]
        return ["--set", ",".join(said)]


def _exported() -> Mapping[str, str]:
    said = subprocess.run([str(LAB / "kubernetes"), "env"], capture_output=True, text=True, check=True).stdout
    names = (each.partition("=") for each in said.removeprefix("export ").split())
    return {name: value.replace("$PATH", os.environ["PATH"]) for name, _, value in names}


class Namespace:
    """An environment's namespace with its secrets, as whoever sets one up would make it."""

    def __init__(self, cluster: Cluster, name: str, folder: Path) -> None:
        self.cluster, self.name = cluster, name
        cluster.kubectl("create", "namespace", name)
        cluster.kubectl("label", "namespace", name, RESTRICTED)
        self.folder = folder
        make(platform(), folder / "secrets", f"http://sim:{world_ports(platform())['chatops.http']}")
        self._secret("generic", "tradectl", f"--from-file={folder / 'secrets'}")
        certificates = Folder(folder / "certs", name)
        certificates.make()
        self.authority = certificates.authority
        files = [f"--from-file={path}" for path in (certificates.server, certificates.server_key)]
        self._secret("generic", "tradectl-edge", *files)

    def _secret(self, kind: str, name: str, *files: str) -> None:
        self.cluster.kubectl("create", "secret", kind, name, "-n", self.name, *files)

    def install(
        self, chart: str, *values: str, beside: Sequence[str] = (), told: Sequence[str] = (), wait: bool = True
    ) -> None:
        """Put a chart here and wait until all of it is ready.

        ``beside`` are images that a test may do without, ``told`` values that a test has of its own.
        """
        files = [f"--values={FOLDER / chart / f'values-{each}.yaml'}" for each in values]
        release = RELEASES.get(chart, chart)
        self.cluster.run(
            "helm", "upgrade", "--install", release, str(FOLDER / chart), "-n", self.name, *files,
            *self.cluster.images(chart, *beside), *(f"--set-json={each}" for each in told),
        )  # fmt: skip
        if wait:
            self.ready()

    def ready(self) -> None:
        """Wait for all that is here; Helm would wait for a Rollout's end for ever."""
        for kind in ("deployment", "statefulset"):
            for each in self.cluster.objects(kind, self.name):
                self.cluster.kubectl("rollout", "status", kind, each["metadata"]["name"], "-n", self.name)
        if self.cluster.objects("rollouts", self.name):
            healthy = ("--for=jsonpath={.status.phase}=Healthy", f"--timeout={PATIENCE - 20}s")
            self.cluster.kubectl("wait", "rollouts", "--all", "-n", self.name, *healthy)

    def door(self) -> str:
        """Where clients come: the load balancer's port of the node, which the certificate is good for."""
        (edge,) = [each for each in self.cluster.objects("service", self.name) if each["metadata"]["name"] == "edge"]
        return f"https://localhost:{edge['spec']['ports'][0]['nodePort']}"

    def opened(self) -> None:
        """Wait until there is somebody behind the door."""
        trusted = ssl.create_default_context(cafile=str(self.authority))

        def answers() -> bool | None:
            try:
                urllib.request.urlopen(f"{self.door()}{PAGES[0]}", timeout=2, context=trusted).close()
            except OSError:
                return None
            return True

        eventually(answers, 60, what="a door with somebody behind it")

    @contextmanager
    def forwarded(self, service: str, port: int) -> Iterator[str]:
        """A page that is not shown, shown here for a while."""
        command = ("kubectl", "port-forward", "-n", self.name, f"service/{service}", f":{port}")
        with subprocess.Popen(command, env=self.cluster.environment, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                yield f"http://{process.stdout.readline().split()[2]}"
            finally:
                process.terminate()

    def remove(self) -> None:
        for release in ("platform", "data", "observability"):
            self.cluster.run("helm", "uninstall", release, "-n", self.name, "--ignore-not-found", "--wait")
        self.cluster.kubectl("delete", "namespace", self.name, "--wait=true")


class Followed:
    """An environments repository that Argo CD follows, and releases of this checkout in the cluster's registry."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster, self.folder = cluster, folder
        cluster.run(str(LAB / "argocd"), "up")
        self.registry = Registry(cluster.environment["REGISTRY"])
        self.origin = folder / "environments.git"
        run("git", "init", "--quiet", "--bare", "--initial-branch", "main", str(self.origin))
        checkout = clone(str(self.origin), folder / "checkout")
        checkout.run("config", "user.name", "Ann")
        checkout.run("config", "user.email", "ann@example.org")
        self.environments = Environments(checkout)
        told = ["--set", f"repository=file://{self.origin},registry={self.registry.address},plain=true"]
        objects = cluster.run("helm", "template", "argocd", str(FOLDER / "argocd"), *told)
        cluster.kubectl("apply", "-f", "-", told=objects)

    def pushed(self, version: str, **other: str) -> Release:
        """A release of this checkout, some of its images others."""
        told = {**{kind: (IMAGES | BESIDE)[kind] for kind in kinds()}, **other}
        images = {kind: self.registry.push_image(image, f"tradectl/{kind}", version) for kind, image in told.items()}
        charts = self.charts(version)
        found = list(migrations(ROOT, platform()))
        built = datetime.now(UTC).isoformat(timespec="seconds")
        commit = run("git", "-C", str(ROOT), "rev-parse", "HEAD")
        release = Release(version=version, commit=commit, built=built, images=images, charts=charts, migrations=found)
        self.environments.keep(release)
        return release

    def charts(self, version: str) -> dict[str, Part]:
        """Those of a release, which no other has: they are packed with its version."""
        return {name: self.registry.push_chart(FOLDER / folder, version, self.folder) for name, folder in CHARTS}

    def own_values(self, environment: str, more: Mapping[str, Any]) -> None:
        """An operator's values for a small node, and more of the platform's."""
        folder = self.environments.repository.path / "environments" / environment
        folder.mkdir(parents=True, exist_ok=True)
        for name, chart in CHARTS:
            own = yaml.safe_load((FOLDER / chart / "values-lab.yaml").read_text(encoding="utf-8"))
            if name == "tradectl":
                own = merged(own, more)
            (folder / f"{name}-own.yaml").write_text(yaml.safe_dump(own), encoding="utf-8")

    def variant(self, name: str, *lines: str) -> str:
        """The platform's image with more lines in its Dockerfile."""
        image = f"tradectl/platform:{name}"
        told = "\n".join((f"FROM {IMAGES['platform']}", *lines))
        self.cluster.run("docker", "build", "--quiet", "--tag", image, "-", told=told)
        return image

    def end(self) -> None:
        """What Argo CD waits for it waits for no more: an Application that is deleted would else stay for as long."""
        ended = json.dumps({"status": {"operationState": {"phase": "Terminating"}}})
        for each in self.cluster.objects("applications", "argocd"):
            if each.get("status", {}).get("operationState", {}).get("phase") == "Running":
                name = each["metadata"]["name"]
                self.cluster.kubectl("patch", "application", name, "-n", "argocd", "--type", "merge", "-p", ended)

    def remove(self) -> None:
        """Its sets go first, and with them what they have made."""
        self.cluster.kubectl("delete", "applicationsets", "--all", "-n", "argocd", "--wait=true")
        self.end()
        self.cluster.kubectl("delete", "applications", "--all", "-n", "argocd", "--wait=true")
        self.cluster.kubectl("delete", "appproject", "tradectl", "-n", "argocd", "--wait=true")


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """As Helm merges two files of values."""
    both = {
        name: merged(below[name], above[name]) for name in below.keys() & above.keys() if _are_maps(below, above, name)
    }
    return {**below, **above, **both}


def _are_maps(below: Mapping[str, Any], above: Mapping[str, Any], name: str) -> bool:
    return isinstance(below[name], Mapping) and isinstance(above[name], Mapping)
