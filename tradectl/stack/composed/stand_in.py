"""What runs in a child of the supervisor where the part itself is a container: it lives as long as that does."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http
from tradectl.stack.composed.contained import found
from tradectl.stack.composed.relay import Relay
from tradectl.stack.containers.engine import explained
from tradectl.stack.events import EventLog, StackEvent
from tradectl.stack.host import is_final
from tradectl.stack.resources import Charge, announce
from tradectl.stack.warm import load as entry

if TYPE_CHECKING:
    from docker.models.containers import Container

INNER_PORTS = "tradectl.render.compose.sandbox:inner_ports"
MADE_WITHIN = 180.0
"""Seconds for Compose to make the container, servers included."""
READY_WITHIN = 120.0
LOOK = 0.1
STOP_WITHIN = 4
LAST_WORDS = 3


class EndedError(TradectlError):
    """The container has ended by itself."""


class StandIn:
    """One child: its container, and the ports that it passes on."""

    def __init__(self, charge: Charge, container: "Container") -> None:
        self.charge = charge
        self.name = charge.child.name
        self.container = container
        self.events = EventLog(charge.sandbox.events)
        self.ready = False

    def start(self) -> str:
        """Start it anew; its address."""
        with explained(f"start {self.container.name}"):
            if self.container.status in {"running", "paused"}:
                self.container.kill()
                self.container.wait()
            self.container.start()
            self.container.reload()
        address = address_of(self.container.attrs["NetworkSettings"]["Networks"], self.charge.child.instances[0].part)
        for instance in self.charge.child.instances:
            self.events.write(StackEvent(kind="starting", part=instance.name, after=("infrastructure",)))
        return address

    def check(self) -> None:
        """EndedError when it does not run any more."""
        with explained(f"look at {self.container.name}"):
            self.container.reload()
            if self.container.status in {"exited", "dead"}:
                lines = self.container.logs(tail=LAST_WORDS).decode(errors="replace").splitlines()
                code = self.container.attrs["State"]["ExitCode"]
                said = " | ".join(line.strip() for line in lines if line.strip())
                raise EndedError(
                    f"{self.container.name} ended with {code}: {said}", f"docker logs {self.container.name}"
                )

    def await_ready(self, pages: Mapping[str, str], stopped: Callable[[], bool]) -> None:
        """Return when each page says 200; TradectlError when it never will."""
        began, closer = time.monotonic(), time.monotonic() + 1
        for name, page in pages.items():
            while not stopped() and not answers(page):
                now = time.monotonic()
                if now > began + READY_WITHIN:
                    raise TradectlError(f"{name} was not ready within {READY_WITHIN:g} s", f"`tradectl logs {name}`")
                if now > closer:
                    closer = now + 1
                    self.check()
                time.sleep(LOOK)
        for instance in self.charge.child.instances:
            self.events.write(StackEvent(kind="ready", part=instance.name, seconds=time.monotonic() - began))

    def announce(self, seconds: float) -> None:
        """Ready, from now on."""
        announce(self.charge, os.getpid(), inside=inside(self.container.attrs["State"]["Pid"]))
        self.ready = True
        self.events.write(StackEvent(kind="up", part=self.name, seconds=seconds))

    def report(self, error: TradectlError) -> ExitCode:
        """Say why it ends; whether all ends with it follows from whether it ever was ready."""
        final = is_final(ExitCode.START_FAILED, self.charge.child, self.charge.been_up or self.ready)
        self.events.write(
            StackEvent(
                kind="failed" if final else "crashed",
                part=self.name,
                text=error.message,
                hint=error.hint,
                exit_code=ExitCode.START_FAILED,
            )
        )
        return ExitCode.START_FAILED


def run(charge: Charge, lifeline: int) -> ExitCode:
    """Stand for the child's container until it ends, or is to end."""
    stopped = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    container = made(charge, stopped)
    if container is None:
        return ExitCode.OK if stopped.is_set() else ExitCode.START_FAILED
    threading.Thread(target=_watch, args=(lifeline, container), daemon=True).start()
    standing = StandIn(charge, container)
    try:
        return _stand(standing, stopped)
    except TradectlError as error:
        return standing.report(error)


def _stand(standing: StandIn, stopped: threading.Event) -> ExitCode:
    began = time.monotonic()
    address = standing.start()
    inner = {
        name: port
        for instance in standing.charge.child.instances
        for name, port in entry(INNER_PORTS)(standing.charge.layout.topology, instance.name).items()  # type: ignore[attr-defined]
    }
    relay = Relay(standing.charge.sockets, {name: (address, inner[name]) for name in standing.charge.sockets})
    threading.Thread(target=lambda: asyncio.run(relay.run()), daemon=True).start()
    pages = {
        name.rpartition(".")[0]: f"http://{address}:{port}/ready"
        for name, port in inner.items()
        if name.endswith(".http") and name in standing.charge.sockets
    }
    standing.await_ready(pages, stopped.is_set)
    if not stopped.is_set():
        standing.announce(time.monotonic() - began)
    while not stopped.wait(LOOK * 3):
        standing.check()
    with explained(f"stop {standing.container.name}"):
        standing.container.stop(timeout=STOP_WITHIN)
    return ExitCode.OK


def made(charge: Charge, stopped: threading.Event) -> "Container | None":
    """The container once Compose has made it; None when the child is to end before, or the engine gives no answer."""
    deadline = time.monotonic() + MADE_WITHIN
    while not stopped.is_set() and time.monotonic() < deadline:
        if (container := found(charge.sandbox, charge.child.name)) is not None:
            return container
        stopped.wait(LOOK * 3)
    return None


def address_of(networks: Mapping[str, Mapping[str, str]], part: str) -> str:
    """The address in the part's own network; a simulator has but one."""
    own = [each["IPAddress"] for name, each in networks.items() if name.endswith(f"_{part.replace('_', '-')}")]
    return own[0] if own else next(each["IPAddress"] for each in networks.values())


def inside(pid: int) -> int:
    """The part's own process, as this machine sees it: the child of the small one that Compose puts before it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return pid
    return int(children[0]) if children else pid


def answers(page: str) -> bool:
    try:
        return http.request("GET", page, timeout=2.0).status == 200
    except http.UnreachableError:
        return False


def _watch(lifeline: int, container: "Container") -> None:
    """Without its supervisor nobody would end the container."""
    while os.read(lifeline, 1):
        pass
    try:
        with explained(f"kill {container.name}"):
            container.kill()
    finally:
        os._exit(ExitCode.START_FAILED)
