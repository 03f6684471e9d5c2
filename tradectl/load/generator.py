"""The generator's processes, seen from the tool: started, read, and ended whatever happens."""

import json
import queue
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from tradectl.errors import ExitCode, TradectlError
from tradectl.load.spec import Spec, aimed

ENDS_WITHIN = 5.0
"""Seconds for a process to end when it is told to."""
SILENT = 660.0
"""Seconds without a word after which a generator is taken for dead."""


@dataclass(frozen=True)
class Elsewhere:
    """Workers that somebody starts on other machines; ``told`` hears the file that they need, and the leader's port."""

    workers: int
    told: Callable[[Path, int], None]


@dataclass(frozen=True)
class Generator:
    """Started; ``said`` ends with None when the leading process has ended."""

    leader: subprocess.Popen[str]
    errors: Path
    said: "queue.Queue[dict[str, Any] | None]"

    def events(self) -> Iterator[dict[str, Any]]:
        """What it says, until it has ended; TradectlError when it ended otherwise than by saying so."""
        ended = False
        while True:
            try:
                event = self.said.get(timeout=SILENT)
            except queue.Empty:
                raise TradectlError("the load's generator says nothing any more", exit_code=ExitCode.TIMEOUT) from None
            if event is None:
                break
            ended = ended or event["event"] == "end"
            yield event
        if not ended:
            raise TradectlError("the load's generator failed", self.last_words(), ExitCode.START_FAILED)

    def last_words(self) -> str:
        """The end of its stderr."""
        self.leader.wait(ENDS_WITHIN)
        said = self.errors.read_text(encoding="utf-8", errors="replace").strip()
        return said.splitlines()[-1] if said else ""


@contextmanager
def started(spec: Spec, elsewhere: Elsewhere | None = None) -> Iterator[Generator]:
    """Run it; at the end nothing of it is left, neither a process nor the file with the tokens."""
    aimed(spec.door)
    with tempfile.TemporaryDirectory(prefix="tradectl-load-") as place:
        path = Path(place) / "spec.json"
        path.touch(mode=0o600)
        path.write_bytes(msgspec.json.encode(spec))
        away = elsewhere.workers if elsewhere else 0
        roles = ["lead", *["follow"] * (spec.workers - away)] if spec.workers else ["alone"]
        errors = [Path(place) / f"{number}.err" for number in range(len(roles))]
        processes = [_process(role, path, log) for role, log in zip(roles, errors, strict=True)]
        try:
            if elsewhere:
                elsewhere.told(path, spec.master_port)
            said: queue.Queue[dict[str, Any] | None] = queue.Queue()
            threading.Thread(target=_read, args=(processes[0], said), daemon=True).start()
            yield Generator(processes[0], errors[0], said)
        finally:
            for process in processes:
                _end(process)


def _process(role: str, spec: Path, errors: Path) -> subprocess.Popen[str]:
    with errors.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tradectl.load.worker", role, str(spec)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL if role == "follow" else subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # an interrupt is the tool's to answer
        )


def _read(process: subprocess.Popen[str], said: "queue.Queue[dict[str, Any] | None]") -> None:
    for line in process.stdout or ():
        try:
            said.put(json.loads(line))
        except ValueError:  # a library's own words
            continue
    said.put(None)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def free_port() -> int:
    """A port of loopback that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
