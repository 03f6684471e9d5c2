"""Real Jaeger and Loki for tests, where the lab has built them; else tests are skipped and say why."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tradectl.probes import http
from tradectl.probes.eventually import eventually
from tradectl.stack.containers.addresses import free

LAB = Path("/opt/lab/bin")
CONFIGURATION = Path(__file__).parents[1] / "compose" / "observability"
STARTS_WITHIN = 60.0


def built(name: str) -> str | None:
    """Where a program is, if it is anywhere."""
    return shutil.which(name) or (str(LAB / name) if (LAB / name).exists() else None)


def program(name: str) -> str:
    """Where it is; without it the test is skipped: the lab takes a quarter of an hour for it, and CI says so first."""
    found = built(name)
    if found is None:
        pytest.skip(f"there is no {name} here: lab/tools {name} builds it")
    return found


@contextmanager
def jaeger(folder: Path, share: int = 100) -> Iterator[tuple[str, str]]:
    """With the platform's own configuration, on ports of its own; the addresses of its queries and of OTLP.

    ``share``: per cent of the traces that nothing is special about which it keeps.
    """
    query, grpc, otlp, health, metrics = free(5)
    environment = {
        "JAEGER_QUERY_PORT": str(query),
        "JAEGER_QUERY_GRPC_PORT": str(grpc),
        "JAEGER_OTLP_PORT": str(otlp),
        "JAEGER_HEALTH_PORT": str(health),
        "JAEGER_METRICS_PORT": str(metrics),
        "JAEGER_DECISION_WAIT": "1s",
        "JAEGER_SHARE": str(share),
    }
    command = [program("jaeger"), "--config", str(CONFIGURATION / "jaeger" / "config.yaml")]
    with running(command, environment, folder / "jaeger.log", f"http://127.0.0.1:{query}/api/services"):
        yield f"http://127.0.0.1:{query}", f"http://127.0.0.1:{otlp}"


@contextmanager
def loki(folder: Path) -> Iterator[str]:
    """With the platform's own configuration, its data in a folder; its address."""
    port, grpc = free(2)
    environment = {"LOKI_HTTP_PORT": str(port), "LOKI_GRPC_PORT": str(grpc), "LOKI_DATA": str(folder / "loki")}
    command = [program("loki"), "-config.expand-env=true"]
    command.append(f"-config.file={CONFIGURATION / 'loki' / 'config.yaml'}")
    with running(command, environment, folder / "loki.log", f"http://127.0.0.1:{port}/ready"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def running(command: list[str], environment: Mapping[str, str], log: Path, page: str) -> Iterator[None]:
    """A program, from its first good answer on."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=output, stderr=output)
    try:
        eventually(lambda: answers(process, page, log), STARTS_WITHIN, what=f"{command[0]} answers")
        yield
    finally:
        process.kill()  # all that it has is this test's; asked to end, Jaeger first waits for its decisions
        process.wait(20)


def answers(process: subprocess.Popen[bytes], page: str, log: Path) -> bool | None:
    """Whether it does; one that has ended never will."""
    assert process.poll() is None, log.read_text()[-2_000:]
    try:
        return http.get(page).status == 200 or None
    except http.UnreachableError:
        return None
