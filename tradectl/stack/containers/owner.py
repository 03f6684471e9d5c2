"""Whose a container, a network or a volume is: its name, and the labels by which it is found again."""

import hashlib
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import Sandbox, default_home

Role = Literal["primary", "replica", "rabbitmq", "redis"]
ROLES: tuple[Role, ...] = get_args(Role)

SANDBOX = "tradectl.sandbox"
HOME = "tradectl.home"
ROLE = "tradectl.role"
LIFE = "tradectl.life"
"""Made with the sandbox's passwords: data of an earlier sandbox of the same name is nobody's."""
MACHINE = "tradectl.machine"
"""An engine may be shared, and a folder that is not here may be there."""
SPEC = "tradectl.spec"
"""What the container was made from: another one is made when that changes."""


@dataclass(frozen=True)
class Owner:
    """A sandbox as the engine sees it."""

    sandbox: str
    home: Path
    life: str

    def name(self, role: str = "") -> str:
        """Of a container or volume; without a role, of the network. Homes other than the default have names apart."""
        folder = "" if self.home == default_home() else hashlib.sha256(str(self.home).encode()).hexdigest()[:6]
        return "-".join(word for word in ("tradectl", self.sandbox, role, folder) if word)

    def labels(self, role: str = "") -> dict[str, str]:
        mine = {SANDBOX: self.sandbox, HOME: str(self.home), LIFE: self.life, MACHINE: machine()}
        return {**mine, ROLE: role} if role else mine

    def owns(self, labels: Mapping[str, str]) -> bool:
        """Whether something with these labels is of this sandbox, and of this life of it."""
        return all(labels.get(label) == value for label, value in self.labels().items())


def home_of(sandbox: Sandbox) -> Path:
    return sandbox.root.parent.parent


def filters(sandbox: Sandbox) -> Mapping[str, list[str]]:
    """The engine's filter for everything of a sandbox, of whatever life."""
    return {"label": [f"{SANDBOX}={sandbox.name}", f"{HOME}={home_of(sandbox)}", f"{MACHINE}={machine()}"]}


@cache
def machine() -> str:
    """This machine, as long as it lives."""
    file = Path("/etc/machine-id")
    said = file.read_text(encoding="ascii").strip() if file.exists() else ""
    return hashlib.sha256((said or socket.gethostname()).encode()).hexdigest()[:12]


def foreign(kind: str, name: str, labels: Mapping[str, str]) -> TradectlError:
    """The error for a name of ours that something else has."""
    earlier = LIFE in labels
    whose = "of an earlier sandbox of this name" if earlier else "not of tradectl"
    mend = "`tradectl gc` removes it" if earlier else f"remove it: `docker {kind} rm {name}`"
    return TradectlError(
        f"there is a {kind} {name}, which is {whose}",
        f"{mend}; or start another sandbox with --name",
        ExitCode.CONFLICT,
    )
