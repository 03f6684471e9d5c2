"""An Envoy of this machine before a sandbox: where it stands, how it is started, sent away and ended."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tradectl.certs.folder import of_sandbox
from tradectl.edge import program
from tradectl.edge.envoy import CERTIFICATE, CONFIGURATION, files
from tradectl.edge.place import LOOPBACK, Address, Limits, Place
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http
from tradectl.probes.eventually import eventually
from tradectl.stack import ports
from tradectl.stack.settings import load
from tradectl.stack.state import Sandbox, read_json, write_json

START_WITHIN = 30.0
STOP_WITHIN = 5.0
"""Seconds after it was sent away."""
DOOR = "bff"
GRPC_PORT = "bff.grpc_port"


@dataclass(frozen=True)
class Standing:
    """A running Envoy; ``authority`` is what its clients must trust."""

    place: Place
    process: subprocess.Popen[bytes]
    authority: Path
    log: Path
    folder: Path
    """Where its configuration lies, and what it says of itself."""

    @property
    def url(self) -> str:
        return f"https://localhost:{self.place.listen.port}"

    def described(self) -> dict[str, object]:
        """As it is told, and kept in the sandbox."""
        return {
            "url": self.url,
            "authority": str(self.authority),
            "metrics": f"http://{LOOPBACK}:{self.place.metrics.port}/metrics",
            "bffs": [f"{each.host}:{each.port}" for each in self.place.bffs],
            "grpc": [f"{each.host}:{each.port}" for each in self.place.grpc],
            "log": str(self.log),
            "pid": self.process.pid,
        }


def place_of(
    sandbox: Sandbox,
    endpoints: Mapping[str, str],
    port: int,
    *,
    otlp: Address | None = None,
    limits: Limits | None = None,
) -> Place:
    """Before all BFFs of the sandbox; what nobody calls by a known port has any that is free."""
    certificates = of_sandbox(sandbox)
    bffs = [Address(LOOPBACK, _port(url)) for name, url in endpoints.items() if _is_door(name)]
    first = int(load(sandbox).limits.get(GRPC_PORT, "0"))
    free = _free(3)
    chosen = port or free[0]
    return Place(
        bffs=bffs,
        grpc=[Address(LOOPBACK, first + place) for place in range(len(bffs))] if first else [],
        listen=Address(LOOPBACK, chosen),
        admin=free[1],
        metrics=Address(LOOPBACK, free[2]),
        certificate=str(certificates.server),
        key=str(certificates.server_key),
        secret=str(folder_of(sandbox, chosen) / CERTIFICATE),
        otlp=otlp,
        limits=limits or Limits(),
    )


def folder_of(sandbox: Sandbox, port: int) -> Path:
    """The files of the Envoy at that port: several may stand before one sandbox."""
    return sandbox.root / "edge" / str(port)


@contextmanager
def stand(sandbox: Sandbox, place: Place) -> Iterator[Standing]:
    """Started and ready; sent away and ended with the block."""
    certificates, folder = of_sandbox(sandbox), folder_of(sandbox, place.listen.port)
    _end_orphan(folder)
    if ports.answers(place.listen.port):
        hint = "tradectl edge run --port PORT; 0 takes any"
        raise TradectlError(f"port {place.listen.port} is taken", hint, ExitCode.PORT_TAKEN)
    certificates.make()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in files(place).items():
        (folder / name).write_text(text, encoding="utf-8")
    program.validate(folder / CONFIGURATION)
    log = sandbox.logs / "edge.jsonl"
    with log.open("ab") as out, (folder / "envoy.log").open("wb") as err:
        arguments = program.command(folder / CONFIGURATION, drain=place.limits.drain)
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True)
    standing = Standing(place, process, certificates.authority, log, folder)
    try:
        eventually(lambda: _ready(standing), START_WITHIN, what="Envoy is ready", hint=f"{folder}/envoy.log")
        write_json(folder / "edge.json", standing.described())
        yield standing
    finally:
        end(standing)
        (folder / "edge.json").unlink(missing_ok=True)


def end(standing: Standing) -> None:
    """Clients are told to go, what is under way is finished, then it ends; killed if it does not."""
    process, admin = standing.process, f"http://{LOOPBACK}:{standing.place.admin}"
    with suppress(http.UnreachableError):
        http.request("POST", f"{admin}/drain_listeners", query={"graceful": "", "skip_exit": ""})
        drained = standing.place.limits.drain
        with suppress(TradectlError):
            eventually(lambda: _idle(standing), drained, what="no request is under way", every=0.05)
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_orphan(folder: Path) -> None:
    """An Envoy of this very folder whose runner was killed."""
    if not (folder / "edge.json").exists():
        return
    pid = int(read_json(folder / "edge.json")["pid"])
    if _is_of(pid, folder):
        os.kill(pid, signal.SIGTERM)
        eventually(lambda: None if _is_of(pid, folder) else True, STOP_WITHIN, what=f"process {pid} has ended")


def _is_of(pid: int, folder: Path) -> bool:
    """Whether the process is an Envoy of this folder, and not another that was given its number."""
    try:
        return str(folder / CONFIGURATION).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _ready(standing: Standing) -> bool | None:
    if standing.process.poll() is not None:
        said = (standing.folder / "envoy.log").read_text("utf-8", "replace").strip().splitlines()
        raise TradectlError(f"Envoy ended: {said[-1] if said else 'it said nothing'}", f"{standing.folder}/envoy.log")
    try:
        return http.get(f"http://{LOOPBACK}:{standing.place.metrics.port}/ready").status == 200 or None
    except http.UnreachableError:
        return None


def _idle(standing: Standing) -> bool | None:
    """Whether no client's request is under way."""
    query = {"filter": "^http.clients.downstream_rq_active$", "format": "json"}
    answer = http.get(f"http://{LOOPBACK}:{standing.place.admin}/stats", query=query).json()
    return True if all(not each.get("value") for each in answer["stats"]) else None


def _is_door(name: str) -> bool:
    """``bff.http`` and ``bff@2.http``."""
    instance, _, port = name.partition(".")
    return instance.partition("@")[0] == DOOR and port == "http"


def _port(url: str) -> int:
    return urlsplit(url).port or 80


def _free(many: int) -> list[int]:
    """Ports that nobody has at this moment."""
    held = [socket.create_server((LOOPBACK, 0)) for _ in range(many)]
    try:
        return [int(each.getsockname()[1]) for each in held]
    finally:
        for each in held:
            each.close()
