"""A sandbox of the benchmark's own, brought up and down by the command line as a user would."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tradectl.stack.ports import endpoints

TRADECTL = str(Path(sys.executable).parent / "tradectl")
NAME = "bench"


@dataclass(frozen=True)
class Sandbox:
    """Where it is and what opens it."""

    home: Path
    endpoints: Mapping[str, str]
    keys: Mapping[str, str]
    pid: int

    @property
    def door(self) -> str:
        """The BFF's address with the API's prefix."""
        return f"{self.endpoints['bff.http']}/api/v1"

    def database(self, service: str) -> Path:
        """A service's SQLite file."""
        return self.home / "sandboxes" / NAME / "data" / f"{service}.db"

    def set_clock(self, **change: Any) -> None:
        """Speed or mode of market time."""
        answer = httpx.put(f"{self.endpoints['clock.http']}/clock", json=change, headers=self.internal)
        answer.raise_for_status()

    @property
    def internal(self) -> dict[str, str]:
        """The header that opens internal pages."""
        return {"x-internal-key": self.keys["key"]}

    def resident_mb(self) -> float:
        """Resident memory of the host, MB."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024


def tradectl(home: Path, *arguments: str, **environment: str) -> float:
    """Run a command of the tool; seconds that it took. CalledProcessError with what it said when it fails."""
    begin = time.perf_counter()
    done = subprocess.run(
        [TRADECTL, *arguments, "--name", NAME],
        env={**os.environ, "TRADECTL_HOME": str(home), "TRADECTL_BACKEND": "embedded", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"tradectl {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
    return time.perf_counter() - begin


@contextmanager
def fresh_home() -> Iterator[Path]:
    """A folder for sandboxes; whatever runs in it is stopped at the end."""
    home = Path(tempfile.mkdtemp(prefix="tradectl-bench-"))
    try:
        yield home
    finally:
        tradectl(home, "down")
        shutil.rmtree(home)


@contextmanager
def sandbox(*options: str, **environment: str) -> Iterator[Sandbox]:
    """A sandbox that is up."""
    with fresh_home() as home:
        tradectl(home, "up", *options, **environment)
        yield running(home)


def running(home: Path, child: str = "host") -> Sandbox:
    """What `up` wrote down; ``child`` is the process whose memory is measured."""
    folder = home / "sandboxes" / NAME
    host = json.loads((folder / "ready" / f"{child}.json").read_text(encoding="utf-8"))
    keys = json.loads((folder / "secrets.json").read_text(encoding="utf-8"))
    return Sandbox(home, endpoints(folder / "ports.json"), keys, host["pid"])
