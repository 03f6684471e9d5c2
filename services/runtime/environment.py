"""What a process of its own is given by its environment.

TRADECTL_URLS is a JSON object of URLs by name, TRADECTL_OPTIONS one of settings, TRADECTL_PORTS one of ports by name
(TRADECTL_PORT is that of ``http``; 0: any), TRADECTL_HOST the address to listen at, or a name of it, TRADECTL_STATE the
folder, TRADECTL_SEED the seed, TRADECTL_KEY the key of internal pages. ``<name>`` in a URL, an option or the key stands
for what the file of that name in the folder TRADECTL_SECRETS holds.
"""

import re
import socket
from collections.abc import Mapping
from pathlib import Path

import msgspec

from services.runtime.resources import Resources
from services.runtime.serve import bind

Names = dict[str, str]
Ports = dict[str, int]
LOOPBACK = "127.0.0.1"
SECRET = re.compile(r"<([a-z0-9_-]+)>")


def resources_from(name: str, environment: Mapping[str, str]) -> Resources:
    """What the environment gives to the part of this name, its sockets bound; OSError when one cannot be had."""
    given = Given(environment)
    return Resources(
        name=name,
        urls=given.names("TRADECTL_URLS"),
        sockets={port: bind(number, given.address()) for port, number in given.ports().items()},
        state=Path(environment.get("TRADECTL_STATE", ".")),
        seed=int(environment.get("TRADECTL_SEED", "0")),
        key=given.filled(environment.get("TRADECTL_KEY", "")),
        options=given.names("TRADECTL_OPTIONS"),
    )


class Given:
    """An environment, read with the secrets that it names."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._secrets = Path(environment.get("TRADECTL_SECRETS", "/run/secrets"))

    def names(self, variable: str) -> Names:
        """Text by name, with the secrets in it."""
        found = msgspec.json.decode(self._environment.get(variable, "{}"), type=Names)
        return {name: self.filled(text) for name, text in found.items()}

    def ports(self) -> Ports:
        """The number of each port by its name."""
        http = int(self._environment.get("TRADECTL_PORT", "0"))
        return msgspec.json.decode(self._environment.get("TRADECTL_PORTS", "{}"), type=Ports) or {"http": http}

    def address(self) -> str:
        """Where to listen."""
        host = self._environment.get("TRADECTL_HOST", LOOPBACK)
        return str(socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)[0][4][0])

    def filled(self, text: str) -> str:
        """The text with each secret in its place; FileNotFoundError names one that is not there."""
        return SECRET.sub(lambda found: (self._secrets / found[1]).read_text(encoding="utf-8").strip(), text)
