"""Which images the servers are made from, and how missing ones get here."""

import os
import platform
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from tradectl.errors import TradectlError
from tradectl.stack.containers.engine import explained
from tradectl.stack.events import StackEvent
from tradectl.stack.project import project
from tradectl.stack.state import Sandbox, read_json, write_json

if TYPE_CHECKING:
    from docker import DockerClient

Kind = Literal["percona", "rabbitmq", "redis"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Images = Mapping[Kind, str]
VARIABLES: Mapping[Kind, str] = {kind: f"TRADECTL_IMAGE_{kind.upper()}" for kind in KINDS}

PERCONA = {
    "x86_64": "percona/percona-server@sha256:d24391a363426239220c35b9707d6b26ce7522ac27abe55689baebfb48bd9fb3",
    "aarch64": "percona/percona-server@sha256:70f6c4d01b5807737cdd423ab32af1feb1d00513b5420a84361773b167aeca87",
}
"""percona/percona-server:8.4.10-10.1 by digest, one a processor, as Percona's list of certified images has it."""
ARM = {"arm64": "aarch64", "amd64": "x86_64"}
FILE = "images.json"
REGISTRY_TIMEOUT = 10
"""Seconds for a registry to say that it has an image."""


def defaults() -> Images:
    processor = platform.machine().lower()
    percona = PERCONA.get(ARM.get(processor, processor), "percona/percona-server:8.4")
    return {"percona": percona, "rabbitmq": "rabbitmq:4-management", "redis": "redis:8"}


def chosen(folder: Path | None = None) -> dict[Kind, str]:
    """The images that were named: by variables, else by the project file of the working directory."""
    said = project(folder or Path.cwd(), "images")
    named = {kind: os.environ.get(VARIABLES[kind]) or said.get(kind) for kind in KINDS}
    return {kind: name for kind, name in named.items() if name}


def settled(used: Images | None = None) -> Images:
    """The images to take: those named, else those that the sandbox has (`used`), else the defaults."""
    return {**defaults(), **(used or {}), **chosen()}


def used(sandbox: Sandbox) -> dict[Kind, str]:
    """Those that the sandbox has: what a newer tradectl would take by itself is not put on their data."""
    path = sandbox.root / FILE
    known = read_json(path) if path.exists() else {}
    return {kind: str(known[kind]) for kind in KINDS if kind in known}


def keep(sandbox: Sandbox, images: Images) -> None:
    """The sandbox has these now."""
    if used(sandbox) != images:
        write_json(sandbox.root / FILE, dict(images))


def missing(client: "DockerClient", images: Images) -> dict[Kind, str]:
    """Those that the engine does not have."""
    from docker.errors import ImageNotFound

    absent = {}
    for kind, name in images.items():
        try:
            with explained(f"look for the image {name}"):
                client.images.get(name)
        except ImageNotFound:
            absent[kind] = name
    return absent


def out_of_reach(client: "DockerClient", absent: Images) -> str | None:
    """Why one of these cannot be pulled; None when all can."""
    from docker.errors import DockerException
    from requests import RequestException

    def ask(name: str) -> str | None:
        try:
            client.images.get_registry_data(name)
        except (DockerException, RequestException) as error:
            return f"the image {name} is not here and cannot be pulled: {_reason(error)}"
        return None

    with ThreadPoolExecutor(len(absent) or 1) as threads:
        return next(filter(None, threads.map(ask, absent.values())), None)


def pull(client: "DockerClient", absent: Images, listen: Callable[[StackEvent], None]) -> None:
    """Fetch all side by side, telling how far each is; TradectlError with the ways out when one cannot be had."""
    with ThreadPoolExecutor(len(absent) or 1) as threads:
        for done in [threads.submit(_pull, client, kind, name, listen) for kind, name in absent.items()]:
            done.result()


def _pull(client: "DockerClient", kind: Kind, name: str, listen: Callable[[StackEvent], None]) -> None:
    from docker.errors import DockerException
    from docker.utils import parse_repository_tag
    from requests import RequestException

    repository, tag = parse_repository_tag(name)
    try:
        lines = client.api.pull(repository, tag or "latest", stream=True, decode=True)
        for percent in percentages(lines):
            listen(StackEvent(kind="pulling", part=kind, text=name, percent=percent))
    except (DockerException, RequestException, PullError) as error:
        raise _cannot(kind, name, _reason(error)) from error


class PullError(Exception):
    """What the engine says in the middle of a pull."""


def percentages(lines: Iterator[dict[str, Any]]) -> Iterator[int]:
    """How far a pull is, from the engine's account of its layers; a number each time it has grown."""
    sizes: dict[str, tuple[int, int]] = {}
    last = -1
    for line in lines:
        if "error" in line:
            raise PullError(str(line["error"]))
        detail = line.get("progressDetail") or {}
        if detail.get("total") and line.get("status") == "Downloading":
            sizes[line["id"]] = (int(detail["current"]), int(detail["total"]))
        elif line.get("status") in {"Download complete", "Pull complete"} and line.get("id") in sizes:
            total = sizes[line["id"]][1]
            sizes[line["id"]] = (total, total)
        got, total = (sum(column) for column in zip(*sizes.values(), strict=True)) if sizes else (0, 0)
        percent = 100 * got // total if total else 0
        if percent > last:
            last = percent
            yield percent
    if last < 100:
        yield 100


def _reason(error: Exception) -> str:
    said = str(getattr(error, "explanation", None) or error)
    return said.splitlines()[0] if said else type(error).__name__


def _cannot(kind: Kind, name: str, reason: str) -> TradectlError:
    return TradectlError(
        f"the image {name} cannot be pulled: {reason}",
        f"name one that can be had: {VARIABLES[kind]}=NAME, or `[images] {kind} = ...` in tradectl.toml; "
        f"or bring it here: `docker load`; or do without containers: `tradectl up --backend embedded`",
    )
