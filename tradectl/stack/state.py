"""Where a sandbox lies on the disk, and who may use it at a time."""

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import locks

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
DEFAULT = "default"
KEYS = ("key", "provider_key", "broker_key", "admin_password", "totp_key")
"""Made anew for each sandbox: of the internal pages, the provider, the broker's REST API, the first admin, and what
encrypts authenticators' secrets."""


def home() -> Path:
    """The user's data directory of this platform, or TRADECTL_HOME."""
    chosen = os.environ.get("TRADECTL_HOME")
    return Path(chosen).absolute() if chosen else default_home()


def default_home() -> Path:
    """The user's data directory of this platform."""
    import platformdirs

    return Path(platformdirs.user_data_dir("tradectl", appauthor=False))


@dataclass(frozen=True)
class Sandbox:
    """One platform's files; several live side by side by name."""

    name: str
    root: Path

    @property
    def ports(self) -> Path:
        """The port of each socket, taken again at the next start."""
        return self.root / "ports.json"

    @property
    def server_ports(self) -> Path:
        """Those of the servers in containers, in the same way."""
        return self.root / "server-ports.json"

    @property
    def settings(self) -> Path:
        """What it was started with."""
        return self.root / "settings.json"

    @property
    def children(self) -> Path:
        """What the supervisor says of its children: process, restarts, why the last one ended."""
        return self.root / "children.json"

    @property
    def ready(self) -> Path:
        """A file for each child that is ready, written by itself."""
        return self.root / "ready"

    @property
    def desired(self) -> Path:
        """What the supervisor should make of its children."""
        return self.root / "desired.json"

    @property
    def faults(self) -> Path:
        """What the supervisor should do to its children on purpose, and until when."""
        return self.root / "faults.json"

    @property
    def infrastructure(self) -> Path:
        """The URLs of the servers that each service uses, where these are not in the process."""
        return self.root / "infrastructure.json"

    @property
    def unfinished(self) -> Path:
        """There while an `up` works, and after one that was killed: it says whether the sandbox had been up before."""
        return self.root / "unfinished"

    @property
    def change(self) -> Path:
        """There from the begin of a load or a reset to its end: what lies here meanwhile is nobody's state."""
        return self.root / "change.json"

    @property
    def losses(self) -> Path:
        """The times that restores could not bring back."""
        return self.root / "losses.json"

    @property
    def pace(self) -> Path:
        """How market time goes on when the tool lets go of it."""
        return self.root / "pace.json"

    @property
    def modules(self) -> Path:
        """For each child that is ready, the modules that it has imported."""
        return self.root / "modules"

    @property
    def pid(self) -> Path:
        """The supervisor's process id."""
        return self.root / "supervisor.pid"

    @property
    def events(self) -> Path:
        return self.root / "events.jsonl"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets.json"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def exists(self) -> bool:
        return self.settings.exists()

    def create(self) -> None:
        """Make the directories and the secrets; TradectlError when the place cannot be written."""
        try:
            for directory in (self.root, self.logs, self.data, self.ready, self.modules):
                directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_keys()
            (self.root / "supervisor.lock").touch(mode=0o600)
        except OSError as error:
            raise unusable(self.root, error) from error

    def _make_keys(self) -> None:
        """Those that are missing: all of a new sandbox, and of an older one what came after it."""
        known = self.keys() if self.secrets.exists() else {}
        if missing := [name for name in KEYS if name not in known]:
            from secrets import token_urlsafe

            write_json(self.secrets, known | {name: token_urlsafe(32) for name in missing})

    def forget(self) -> None:
        """Back to before the first start, but for the logs: they say why it failed."""
        import shutil

        for file in (self.settings, self.ports, self.server_ports, self.desired, self.infrastructure, self.unfinished):
            file.unlink(missing_ok=True)
        shutil.rmtree(self.data, ignore_errors=True)

    def remove(self) -> None:
        """Delete everything that the sandbox kept."""
        import shutil

        shutil.rmtree(self.root)

    def keys(self) -> dict[str, str]:
        """The sandbox's keys by name."""
        return {name: str(key) for name, key in read_json(self.secrets).items()}

    def in_use(self) -> bool:
        """Whether a supervisor, or the host of one that was killed, still holds the sandbox."""
        return locks.is_held(self.root / "supervisor.lock")

    def hold(self) -> int | None:
        """Take the sandbox for this process and its children, until the last of them ends; None when another has it."""
        descriptor = os.open(self.root / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o600)
        if not locks.take(descriptor):
            os.close(descriptor)
            return None
        return descriptor

    @property
    def _lock(self) -> Path:
        return self.root.with_name(f".{self.name}.lock")

    def attended(self) -> bool:
        """Whether an `up` or `down` is at work."""
        return locks.is_held(self._lock)

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """One `up` or `down` at a time; the second waits for the first. The lock file goes with the sandbox."""
        lock = self._lock
        try:
            lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = _locked(lock)
        except OSError as error:
            raise unusable(lock.parent, error) from error
        try:
            yield
        finally:
            if not self.root.exists():
                lock.unlink(missing_ok=True)
            os.close(descriptor)


def _locked(path: Path) -> int:
    """A descriptor that holds the file at this path: not one that was removed while we waited for it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if path.exists() and path.stat().st_ino == os.fstat(descriptor).st_ino:
            return descriptor
        os.close(descriptor)


def sandbox(name: str = DEFAULT) -> Sandbox:
    """The sandbox of that name, whether it exists or not."""
    if not NAME.fullmatch(name):
        raise TradectlError(
            f"{name!r} cannot name a sandbox", "use small letters, digits and dashes, at most 31", ExitCode.USAGE
        )
    return Sandbox(name, home() / "sandboxes" / name)


def existing() -> list[Sandbox]:
    """Every sandbox of this user."""
    folder = home() / "sandboxes"
    if not folder.is_dir():
        return []
    names = sorted(path.name for path in folder.iterdir() if path.is_dir() and NAME.fullmatch(path.name))
    return [found for name in names if (found := Sandbox(name, folder / name)).exists]


def is_ours(pid: int) -> bool:
    """Whether the process is a supervisor or one of its children, and not another that was given its number."""
    try:
        return b"tradectl.stack.supervisor" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def unusable(place: Path, error: OSError) -> TradectlError:
    """The error for a state directory that does not let us write."""
    return TradectlError(
        f"the state directory {place} cannot be used: {error.strerror or error}",
        "make it writable, or choose another with TRADECTL_HOME=/path/to/a/directory",
        ExitCode.STATE_UNUSABLE,
    )


def write_json(path: Path, document: object) -> None:
    """Replace a file whole: a reader sees the old one or the new one. Readable by its owner alone."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
        file.write("\n")
    beside.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """A document of ours; TradectlError when it is damaged."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TradectlError(
            f"{path} cannot be read: {error}", "`tradectl down` removes the sandbox", ExitCode.STATE_UNUSABLE
        ) from error
    if not isinstance(document, dict):
        raise TradectlError(f"{path} is damaged", "`tradectl down` removes the sandbox", ExitCode.STATE_UNUSABLE)
    return document
