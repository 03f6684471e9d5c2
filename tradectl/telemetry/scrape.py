"""One look at the numbers of all parts and processes: their /metrics pages, and what the system says of each child."""

import os
import resource
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from tradectl.probes import http, metrics
from tradectl.probes.metrics import Sample
from tradectl.stack import ports
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.state import Sandbox

CPU, MEMORY = "process_cpu_seconds_total", "process_resident_memory_bytes"
"""As Prometheus's own clients call them; the part is the child."""
PATIENCE = 1.0
"""Seconds for a page: a part that is going down gives no answer."""
UNTOLD = ("_created",)
OF_PROCESS = "process_"
"""Samples that parts of one process would each say: the system is asked once a child."""
ASKED_BY_US = ("/live", "/ready", "/metrics", "/internal/")
"""Samples that say nothing about a run: when something was made, and how we looked at it."""


def scraped(sandbox: Sandbox, over: Callable[[], bool]) -> dict[str, list[Sample]]:
    """By part or child; who does not answer has none, and nobody is asked any more when it is over: `down` waits."""
    backend = backend_of(sandbox)
    found = {name: process(pid) for name, pid in backend.working().items()}
    given = ports.endpoints(sandbox.ports)
    for child in backend.layout():
        if over() or backend.ready(child.name) is None:
            continue
        for instance in child.instances:
            if (url := given.get(f"{instance.name}.http")) is not None:
                found[instance.name] = found.get(instance.name, []) + page(url)
    return found


def page(url: str) -> list[Sample]:
    """What a part's page says; nothing when there is none."""
    with suppress(http.UnreachableError):
        answer = http.request("GET", f"{url}/metrics", timeout=PATIENCE)
        if answer.status == 200:
            return [each for each in metrics.parsed(answer.body.decode()) if is_told(each)]
    return []


def is_told(sample: Sample) -> bool:
    """Whether it says something about the run."""
    return (
        not sample.name.endswith(UNTOLD)
        and not sample.name.startswith(OF_PROCESS)
        and not sample.labels.get("http_route", "").startswith(ASKED_BY_US)
    )


def process(pid: int) -> list[Sample]:
    """Seconds on a processor and resident bytes of a process; nothing when it is gone, or where /proc does not say."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
    ticks, pages = int(told[11]) + int(told[12]), int(told[21])
    nothing: Mapping[str, str] = {}
    return [
        Sample(CPU, nothing, ticks / os.sysconf("SC_CLK_TCK")),
        Sample(MEMORY, nothing, float(pages * resource.getpagesize())),
    ]
