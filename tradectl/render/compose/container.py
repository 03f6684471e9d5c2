"""What holds for every container: no right that it does not need, and no more of the machine than it is given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ONE, SEVERAL = "1", "${TRADECTL_CPUS:-2}"
"""Processors: who is one loop has no use for more; an engine takes no limit above what its machine has."""
LOG_FILES = {"driver": "json-file", "options": {"max-size": "10m", "max-file": "2"}}
HEALTH_EVERY = {"interval": "3s", "timeout": "5s", "retries": 40}
"""Until the engine is of version 25, which looks more often at the start, this is how soon a start is seen."""


@dataclass(frozen=True, kw_only=True)
class Container:
    """``memory`` is a limit such as 256M; ``files`` are configs by name with their place inside."""

    image: str
    user: str
    memory: str
    networks: Mapping[str, Sequence[str]]
    """Its aliases by network; without any it reaches nobody."""
    command: Sequence[str] | None = None
    entrypoint: Sequence[str] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    profiles: Sequence[str]
    health: Sequence[str] = ()
    after: Iterable[str] = ()
    """Those that have to be healthy before it starts."""
    once: Iterable[str] = ()
    """Those that have to have ended well."""
    ports: Sequence[str] = ()
    secrets: Iterable[str] = ()
    secrets_at: Mapping[str, str] = field(default_factory=dict)
    """Those that have to lie elsewhere than in /run/secrets."""
    files: Mapping[str, str] = field(default_factory=dict)
    volumes: Sequence[str] = ()
    writable: Sequence[str] = ("/tmp",)  # noqa: S108 (in the container)
    """Folders in memory."""
    rights: Sequence[str] = ()
    """Capabilities."""
    processors: str = ONE
    processes: int = 200
    restart: str = "unless-stopped"

    def document(self) -> dict[str, Any]:
        """As Compose reads it."""
        waits = {
            **{name: {"condition": "service_completed_successfully"} for name in sorted(self.once)},
            **{name: {"condition": "service_healthy"} for name in sorted(self.after)},
        }
        said = {
            "image": self.image,
            "profiles": list(self.profiles),
            "entrypoint": self.entrypoint and list(self.entrypoint),
            "command": self.command and list(self.command),
            "environment": dict(self.environment),
            "depends_on": waits,
            "healthcheck": {"test": ["CMD", *self.health], **HEALTH_EVERY} if self.health else {},
            "network_mode": None if self.networks else "none",
            "networks": {name: {"aliases": list(own)} if own else {} for name, own in sorted(self.networks.items())},
            "ports": list(self.ports),
            "secrets": [
                *sorted(self.secrets),
                *({"source": source, "target": target} for source, target in self.secrets_at.items()),
            ],
            "configs": [{"source": source, "target": target} for source, target in self.files.items()],
            "volumes": list(self.volumes),
            "user": self.user,
            "read_only": True,
            "tmpfs": [f"{folder}:mode=1777,size=64m" for folder in self.writable],
            "cap_drop": ["ALL"],
            "cap_add": list(self.rights),
            "security_opt": ["no-new-privileges"],
            "deploy": {
                "resources": {"limits": {"cpus": self.processors, "memory": self.memory, "pids": self.processes}}
            },
            "init": True,
            "restart": self.restart,
            "stop_grace_period": "8s",
            "logging": LOG_FILES,
        }
        return {name: value for name, value in said.items() if value not in ({}, [], None)}


def answers(port: int, path: str, at: str) -> list[str]:
    """The check that a page says 200, by nothing but a shell."""
    ask = f"exec 3<>/dev/tcp/{at}/{port} && printf 'GET {path} HTTP/1.0\\r\\n\\r\\n' >&3"
    return ["bash", "-c", f'{ask} && read -r -t 4 _ code _ <&3 && [ "$$code" = 200 ]']
