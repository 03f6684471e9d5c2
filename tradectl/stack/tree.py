"""A service that runs from another source tree, by the command of its image: ``python -m services.kernel.serve``.

The child becomes the service, so that what is done to the child is done to the service. A small process beside it says
when it is ready, and ends it where the supervisor is gone.
"""

import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from tradectl.probes import http
from tradectl.stack import ports
from tradectl.stack.events import EventLog, StackEvent
from tradectl.stack.host import LIFE_AFTER_SUPERVISOR
from tradectl.stack.resources import Charge, announce, resources_of

SERVE = "services.kernel.serve"
LOOK = 0.1
"""Seconds between two looks whether it is ready."""
GLANCE = 0.5
"""Seconds between two looks whether it is still there."""


def become(charge: Charge, tree: Path, lifeline: int) -> NoReturn:
    """This process is the service from now on; it binds its port itself, which its supervisor has kept for it."""
    told, service = environment(charge, tree), os.getpid()
    for each in charge.sockets.values():
        each.close()
    if os.fork() == 0:
        Herald(charge, service, lifeline).stay()
        os._exit(0)
    os.nice(charge.child.nice)
    os.execve(sys.executable, [sys.executable, "-P", "-m", SERVE, charge.child.instances[0].part], told)  # noqa: S606


def environment(charge: Charge, tree: Path) -> dict[str, str]:
    """What services/runtime/environment.py reads, in whatever release."""
    (instance,) = charge.child.instances
    given = resources_of(charge, instance)
    me = ports.endpoints(charge.sandbox.ports)[f"{instance.name}.http"]
    return {
        **os.environ,
        "PYTHONPATH": str(tree),
        "TRADECTL_URLS": json.dumps({**given.urls, instance.part: me}),
        "TRADECTL_OPTIONS": json.dumps(dict(given.options)),
        "TRADECTL_PORTS": json.dumps({name: each.getsockname()[1] for name, each in given.sockets.items()}),
        "TRADECTL_STATE": str(given.state),
        "TRADECTL_SEED": str(given.seed),
        "TRADECTL_KEY": given.key,
        "TRADECTL_LOGS": str(charge.sandbox.logs),
        "TRADECTL_INSTANCE": instance.name,
    }


class Herald:
    """Stays for as long as the service does."""

    def __init__(self, charge: Charge, service: int, lifeline: int) -> None:
        self._charge = charge
        self._service = service
        self._lifeline = lifeline
        self._events = EventLog(charge.sandbox.events)
        self._began = time.monotonic()
        self._ready = False

    def stay(self) -> None:
        name = self._charge.child.name
        self._events.write(StackEvent(kind="starting", part=name, after=("infrastructure",)))
        page = f"{ports.endpoints(self._charge.sandbox.ports)[f'{name}.http']}/ready"
        while os.getppid() == self._service:
            if not self._ready and answers(page):
                self._announce(name)
            if select.select([self._lifeline], [], [], GLANCE if self._ready else LOOK)[0]:
                self._end()

    def _announce(self, name: str) -> None:
        seconds = time.monotonic() - self._began
        announce(self._charge, self._service)
        self._ready = True
        self._events.write(StackEvent(kind="ready", part=name, seconds=seconds))
        self._events.write(StackEvent(kind="up", part=name, seconds=seconds))

    def _end(self) -> None:
        """Nobody else would."""
        os.kill(self._service, signal.SIGTERM)
        time.sleep(LIFE_AFTER_SUPERVISOR)
        if os.getppid() == self._service:
            os.kill(self._service, signal.SIGKILL)


def answers(page: str) -> bool:
    try:
        return http.request("GET", page, timeout=2.0).status == 200
    except http.UnreachableError:
        return False
