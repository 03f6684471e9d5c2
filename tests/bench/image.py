"""The platform's image: how large it is, and how long a container of it takes until its parts are ready."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import docker
from docker.models.containers import Container

from tests.bench.figures import PAIRS, Figure, figure
from tests.composing import PLATFORM
from tradectl.probes import http
from tradectl.probes.eventually import eventually
from tradectl.render.compose.services import USER
from tradectl.render.wiring import world_ports
from tradectl.stack.topology import platform

MB = 1_000_000
PATIENCE = 120.0
SOCKETS = world_ports(platform())
WORLD = {
    "TRADECTL_HOST": "0.0.0.0",
    "TRADECTL_PORTS": json.dumps(SOCKETS),
    "TRADECTL_STATE": "/tmp",
    "TRADECTL_KEY": "key",
    "TRADECTL_OPTIONS": json.dumps({"provider_key": "provider", "broker_key": "broker"}),
}


def measure() -> list[Figure]:
    """Size once, starts one after the other; each is of a container that was never there before."""
    engine = docker.from_env()
    try:
        size = engine.images.get(PLATFORM).attrs["Size"] / MB
        starts = [start(engine) for _ in range(PAIRS)]
    finally:
        engine.close()
    return [
        figure("the image of all services, the world and the tool, MB", [size], 450, "low", " MB"),
        figure("the image: a container of the simulated world until all of it is ready, s", starts, 3, "low", " s"),
    ]


def start(engine: docker.DockerClient) -> float:
    """Seconds from the wish for a container until each page of the simulated world says that it is ready."""
    begin = time.perf_counter()
    with world(engine) as container:
        container.reload()
        address = container.attrs["NetworkSettings"]["IPAddress"]
        for name, port in SOCKETS.items():
            if name.endswith(".http"):
                page = f"http://{address}:{port}/ready"
                eventually(partial(ready, page), PATIENCE, what=page)
        return time.perf_counter() - begin


def ready(page: str) -> bool | None:
    try:
        return http.get(page).status == 200 or None
    except http.UnreachableError:
        return None


@contextmanager
def world(engine: docker.DockerClient) -> Iterator[Container]:
    """A container as compose.yaml has it; nothing is left of it."""
    container = engine.containers.run(
        PLATFORM,
        ["python", "-m", "tradectl.stack.world"],
        environment=WORLD,
        user=USER,
        read_only=True,
        tmpfs={"/tmp": "mode=1777,size=64m"},
        init=True,
        detach=True,
    )
    try:
        yield container
    finally:
        container.remove(force=True)
