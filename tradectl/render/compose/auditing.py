"""Who holds the books against the venue's record again and again, and tells Prometheus."""

import json
from collections.abc import Iterator

from tradectl.audit.snapshot import AUDITED
from tradectl.render.compose.container import Container, answers
from tradectl.render.compose.images import image
from tradectl.render.compose.links import EXPORTERS, inner, own
from tradectl.render.compose.profiles import WATCHING
from tradectl.render.compose.services import USER
from tradectl.render.wiring import HTTP, SIM, host, world_urls
from tradectl.stack.topology import Topology

AUDIT, PORT = "audit", 9464
EVERY = "60"
"""Seconds from one audit to the next."""


def auditor(topology: Topology) -> Container:
    """It reads everyone's internal pages, so it is in their networks; it listens among the exporters alone."""
    reached = ("sim", *(host(each) for each in AUDITED))
    return Container(
        image=image("platform"),
        user=USER,
        memory="1G",
        profiles=WATCHING,
        networks={**dict.fromkeys(reached, ()), EXPORTERS: (own(AUDIT),)},
        command=("tradectl", "audit", "--watch", "--every", EVERY, "--metrics", f"{own(AUDIT)}:{PORT}", "--json"),
        environment={
            "TRADECTL_KEY": "<key>",
            "TRADECTL_URLS": json.dumps(dict(pages(topology))),
            "TRADECTL_OPTIONS": json.dumps({"provider_key": "<provider_key>"}),
        },
        secrets=("key", "provider_key"),
        health=answers(PORT, "/metrics", own(AUDIT)),
    )


def pages(topology: Topology) -> Iterator[tuple[str, str]]:
    """Where each part is asked, by its port."""
    yield from ((f"{service}.http", f"http://{inner(service)}:{HTTP}") for service in AUDITED)
    yield from ((name, url) for name, url in world_urls(topology, inner(SIM)).items() if name.endswith(".http"))
