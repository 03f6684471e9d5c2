"""The command line as a user calls it, with a home of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker

TRADECTL = Path(sys.executable).with_name("tradectl")


def interruptible() -> None:
    """A shell's background jobs, and so what CI starts, inherit that an interrupt is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document on stdout."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Tool:
    """`tradectl` on sandboxes below one directory."""

    home: Path
    backend: str = "embedded"
    patience: float = 100
    """Seconds for a command."""

    @property
    def environment(self) -> dict[str, str]:
        own = {"TRADECTL_HOME": str(self.home), "TRADECTL_BACKEND": self.backend, "NO_COLOR": "1", "COLUMNS": "200"}
        return {**os.environ, **own}

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """A command that goes on by itself."""
        return subprocess.Popen(
            [str(TRADECTL), *arguments],
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=interruptible,  # noqa: PLW1509 (it is one call, and nothing of ours holds a lock)
        )

    @contextmanager
    def running(self, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """A command that goes on by itself, for as long as something else is done."""
        with self.start(*arguments, **environment) as process:
            try:
                yield process
            finally:
                process.kill()

    def run(self, *arguments: str, **environment: str) -> Result:
        """A command to its end, whatever that is."""
        with self.start(*arguments, **environment) as process:
            out, err = process.communicate(timeout=self.patience)
        return Result(process.returncode, out, err)

    def ok(self, *arguments: str, **environment: str) -> Result:
        """A command that must succeed."""
        result = self.run(*arguments, **environment)
        assert result.code == 0, f"tradectl {' '.join(arguments)} ended with {result.code}\n{result.out}{result.err}"
        return result

    def sandbox(self, name: str = "default") -> Path:
        """Where a sandbox lies."""
        return self.home / "sandboxes" / name

    def ports(self, name: str = "default") -> dict[str, int]:
        """The ports that a sandbox holds."""
        found: dict[str, int] = json.loads((self.sandbox(name) / "ports.json").read_text())
        return found

    def processes(self, name: str = "default") -> tuple[int, int]:
        """Supervisor and host."""
        return int((self.sandbox(name) / "supervisor.pid").read_text()), self.ready("host", name)

    def ready(self, child: str, name: str = "default") -> int:
        """The process of a child that is ready."""
        return int(json.loads((self.sandbox(name) / "ready" / f"{child}.json").read_text())["pid"])

    def children(self, name: str = "default") -> dict[str, Any]:
        """What the supervisor says of its children."""
        found: dict[str, Any] = json.loads((self.sandbox(name) / "children.json").read_text())
        return found

    def in_engine(self) -> list[str]:
        """Containers, networks and volumes that sandboxes of this home have."""
        engine, mine = docker.from_env(), f"tradectl.home={self.home}"
        containers = [each.name for each in engine.containers.list(all=True, filters={"label": mine})]
        networks = [each.name for each in engine.networks.list(filters={"label": mine})]
        volumes = [each.name for each in engine.volumes.list(filters={"label": mine})]
        return [str(name) for name in (*containers, *networks, *volumes)]

    def leftovers(self) -> list[str]:
        """Command lines of supervisors and hosts of this home that still run."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                environment = (process / "environ").read_bytes()
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:  # another user's, or it has just ended
                continue
            if f"TRADECTL_HOME={self.home}".encode() in environment and "tradectl.stack.supervisor" in command:
                found.append(command)
        return found
