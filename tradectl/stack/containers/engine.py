"""The Docker engine, and its failures in our words.

Docker's libraries are imported in functions: a tenth of a second that only who uses containers pays.
"""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tradectl.errors import ExitCode, TradectlError

if TYPE_CHECKING:
    from docker import DockerClient

TIMEOUT = 60
"""Seconds for the engine to do what it was asked."""
OLDEST_API = (1, 40)
"""Docker 19.03."""
WITHOUT = "`tradectl up --backend embedded` needs no engine"
SOCKET = "unix:///var/run/docker.sock"
"""Where an engine is, unless DOCKER_HOST or a context of Docker's says otherwise."""
KNOCK = 2.0
"""Seconds."""
NO_RYUK = {"TESTCONTAINERS_RYUK_DISABLED": "true"}
"""What Testcontainers starts, its reaper removes with the process that asked for it; ours outlive that."""


@cache
def connect(timeout: float = TIMEOUT) -> "DockerClient":
    """The engine that Docker's own context names; TradectlError when none answers."""
    os.environ.update(NO_RYUK)
    with explained("speak to the Docker engine"):
        knock()
        from testcontainers.core.docker_client import DockerClient as Testcontainers

        client = Testcontainers(timeout=timeout).client
        client.ping()
    return client


def knock() -> None:
    """OSError when nobody answers at the engine's socket: Docker's client would leave its end of it open then."""
    named = os.environ.get("DOCKER_HOST")
    address = urlsplit(named or SOCKET)
    if address.scheme == "unix" and (named or not (Path.home() / ".docker/config.json").exists()):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(KNOCK)
            probe.connect(address.path)


def unusable() -> str | None:
    """Why containers cannot be run here, as far as the engine goes; None when they can."""
    try:
        client = connect()
    except TradectlError as error:
        return error.message
    if not is_local(client.api.base_url):
        return f"the Docker engine is on another machine ({client.api.base_url}), and its ports are not on this one"
    said = str(client.api.version()["ApiVersion"])
    if api(said) < OLDEST_API:
        return f"the Docker engine is too old: it speaks API {said}"
    return None


def api(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def is_local(base_url: str) -> bool:
    """Whether what the engine publishes on loopback is on our loopback."""
    address = urlsplit(base_url)
    local = address.scheme in {"http+docker", "unix", "npipe", "http+unix"}
    return address.hostname in {"127.0.0.1", "::1", "localhost"} or (local and address.hostname != "ssh")


@contextmanager
def explained(doing: str) -> Iterator[None]:
    """Docker's errors as TradectlError, each with its mend; what is not there passes, for the caller to judge."""
    from docker.errors import APIError, DockerException, NotFound
    from requests import RequestException

    try:
        yield
    except NotFound:
        raise
    except APIError as error:
        raise refused(doing, str(error.explanation or error)) from error
    except (DockerException, RequestException, OSError) as error:
        raise gone(str(error)) from error


def gone(said: str) -> TradectlError:
    """The engine does not answer, or no more."""
    if "Permission denied" in said or "PermissionError" in said:
        hint = f"let this user use it: sudo usermod -aG docker $USER, then log in again; {WITHOUT}"
        return TradectlError("this user may not speak to the Docker engine", hint)
    if "timed out" in said.lower():
        return TradectlError(f"the Docker engine did not answer within {TIMEOUT} s", f"`docker info`; {WITHOUT}")
    return TradectlError("no Docker engine answers", f"start it: `systemctl start docker`; {WITHOUT}")


REFUSALS: tuple[tuple[str, str, ExitCode], ...] = (
    (
        r"port is already allocated|address already in use|ports are not available",
        "end what uses the port, or let the sandbox choose anew: tradectl up --new-ports",
        ExitCode.PORT_TAKEN,
    ),
    (
        r"is already in use by container",
        "remove that container, or start another sandbox with --name",
        ExitCode.CONFLICT,
    ),
    (
        r"no space left on device",
        "make room: `docker system df` shows what takes it, `tradectl gc` removes what crashes left",
        ExitCode.START_FAILED,
    ),
    (
        r"non-overlapping IPv4 address pool|all predefined address pools",
        "there are too many networks: `tradectl gc`, then `docker network prune`",
        ExitCode.START_FAILED,
    ),
    (
        r"[Cc]annot allocate memory|not enough memory",
        "end something: the four servers need about 700 MiB",
        ExitCode.START_FAILED,
    ),
)


def refused(doing: str, said: str) -> TradectlError:
    """The engine answered that it will not."""
    words = " ".join(said.split())
    for pattern, hint, code in REFUSALS:
        if re.search(pattern, words):
            return TradectlError(f"the Docker engine would not {doing}: {words}", hint, code)
    return TradectlError(f"the Docker engine would not {doing}: {words}", f"`docker info`; {WITHOUT}")
