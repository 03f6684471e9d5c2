"""Prometheus, its exporters, Alertmanager and their tools for tests, in containers on this machine's own network.

Images are those of TRADECTL_IMAGE_PROMETHEUS, _ALERTMANAGER, _REDIS_EXPORTER and _MYSQLD_EXPORTER, else the official
ones where they are on this machine: a test pulls nothing, and is skipped, or fails, as in tests/containers.py.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.errors import DockerException, ImageNotFound
from docker.models.containers import Container

from tests.containers import WORKER, required
from tradectl.probes import http
from tradectl.probes.eventually import eventually
from tradectl.stack.containers.addresses import free

IMAGES = {
    "prometheus": ("TRADECTL_IMAGE_PROMETHEUS", "prom/prometheus:v2.53.5"),
    "alertmanager": ("TRADECTL_IMAGE_ALERTMANAGER", "prom/alertmanager:v0.28.1"),
}
EXPORTERS = {
    "redis": ("TRADECTL_IMAGE_REDIS_EXPORTER", "oliver006/redis_exporter:v1.74.0-alpine"),
    "mysql": ("TRADECTL_IMAGE_MYSQLD_EXPORTER", "prom/mysqld-exporter:v0.17.2"),
}
"""Of servers that have no page of their own."""
PROGRAMS = {
    "promtool": ("prometheus", "promtool"),
    "amtool": ("alertmanager", "amtool"),
}
"""A tool, the image that it is in, and its name there."""
START = 60.0
"""Seconds for a server to answer on a busy machine."""


def image(kind: str) -> str:
    variable, official = (IMAGES | EXPORTERS)[kind]
    return os.environ.get(variable, official)


def need(kind: str) -> None:
    """Skip, or fail where an engine is required, when there can be no such container."""
    try:
        docker.from_env().images.get(image(kind))
        return
    except ImageNotFound:
        why = f"the image {image(kind)} is not on this machine"
    except (DockerException, OSError) as error:
        why = f"no Docker engine answers: {error}"
    if required():
        pytest.fail(f"{why}, and TRADECTL_REQUIRE_ENGINE is set")
    pytest.skip(f"needs {kind}: {why}")


def tool(name: str, *arguments: str, folder: Path) -> tuple[int, str]:
    """Run promtool or amtool in a folder, which it sees under its own path: its exit code and all that it said."""
    kind, program = PROGRAMS[name]
    need(kind)
    container = _run(kind, folder, entrypoint=[program], command=list(arguments))
    try:
        code = int(container.wait(timeout=100)["StatusCode"])
        return code, container.logs().decode()
    finally:
        container.remove(force=True)


@contextmanager
def prometheus(folder: Path, port: int | None = None) -> Iterator[str]:
    """Prometheus over the folder's prometheus.yml, on a port that is known before if it has to be; its address."""
    arguments = (
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=/tmp/prometheus",
        "--enable-feature=exemplar-storage",
    )
    with _server("prometheus", folder, port or free(1)[0], arguments) as url:
        yield url


@contextmanager
def alertmanager(folder: Path, port: int) -> Iterator[str]:
    """Alertmanager over the folder's alertmanager.yml, on a port that is known before; its address."""
    arguments = (
        "--config.file=alertmanager.yml",
        "--storage.path=/tmp/alertmanager",
        "--cluster.listen-address=",
    )
    with _server("alertmanager", folder, port, arguments) as url:
        yield url


@contextmanager
def redis_exporter(folder: Path, port: int, password: str) -> Iterator[str]:
    """Of the Redis on a port of this machine; ``host:port`` of its page."""
    address = f"127.0.0.1:{free(1)[0]}"
    command = [f"-redis.addr=redis://127.0.0.1:{port}", f"-web.listen-address={address}"]
    environment = {"REDIS_PASSWORD": password}
    with _exporter("redis", folder, address, entrypoint=["redis_exporter"], command=command, environment=environment):
        yield address


@contextmanager
def mysqld_exporter(folder: Path, port: int, password: str) -> Iterator[str]:
    """Of the MySQL on a port of this machine, as root; ``host:port`` of its page."""
    address = f"127.0.0.1:{free(1)[0]}"
    client = folder / f"my-{port}.cnf"
    client.touch(mode=0o600)
    client.write_text(f"[client]\nhost=127.0.0.1\nport={port}\nuser=root\npassword={password}\n", encoding="utf-8")
    command = [f"--config.my-cnf={client}", f"--web.listen-address={address}"]
    with _exporter("mysql", folder, address, entrypoint=["mysqld_exporter"], command=command):
        yield address


@contextmanager
def _exporter(kind: str, folder: Path, address: str, **more: Any) -> Iterator[None]:
    need(kind)
    container = _run(kind, folder, **more)
    try:
        eventually(lambda: _answers(f"http://{address}/metrics", container), START, what=f"an exporter of {kind}")
        yield
    finally:
        container.remove(force=True)


@contextmanager
def _server(kind: str, folder: Path, port: int, arguments: tuple[str, ...]) -> Iterator[str]:
    need(kind)
    url = f"http://127.0.0.1:{port}"
    container = _run(kind, folder, command=[*arguments, f"--web.listen-address=127.0.0.1:{port}"])
    try:
        eventually(lambda: _answers(f"{url}/-/ready", container), START, what=f"a {kind} that answers", every=0.1)
        yield url
    finally:
        container.remove(force=True)


def _answers(page: str, container: Container) -> bool | None:
    container.reload()
    assert container.status in {"created", "running"}, container.logs().decode()
    try:
        return http.get(page).status == 200 or None
    except http.UnreachableError:
        return None


def _run(kind: str, folder: Path, **more: Any) -> Container:
    """As this user, so that it can read what is his alone."""
    labels: Mapping[str, str] = {WORKER: str(os.getpid())}
    return docker.from_env().containers.run(
        image(kind),
        detach=True,
        network_mode="host",
        user=f"{os.getuid()}:{os.getgid()}",
        volumes={str(folder): {"bind": str(folder), "mode": "rw"}},
        working_dir=str(folder),
        labels=dict(labels),
        **more,
    )
