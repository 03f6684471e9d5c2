"""The system's store of authorities: which commands add ours to it, or take it out again. Nothing is done unasked."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError

Command = tuple[str, ...]
Which = Callable[[str], str | None]


@dataclass(frozen=True)
class Store:
    """One kind of system: where an authority's file goes, and what makes the system see it."""

    system: str
    folder: Path
    refresh: Command

    def file(self, name: str) -> Path:
        return self.folder / f"tradectl-{name}.crt"

    def adding(self, authority: Path, name: str) -> tuple[Command, ...]:
        """Commands that make the system trust the authority."""
        return ("install", "-m", "644", str(authority), str(self.file(name))), self.refresh

    def removing(self, name: str) -> tuple[Command, ...]:
        """Commands that make it forget the authority."""
        return ("rm", "-f", str(self.file(name))), self.refresh


DEBIAN = Store("Debian", Path("/usr/local/share/ca-certificates"), ("update-ca-certificates",))
FEDORA = Store("Fedora", Path("/etc/pki/ca-trust/source/anchors"), ("update-ca-trust",))
ARCH = Store("Arch", Path("/etc/ca-certificates/trust-source/anchors"), ("trust", "extract-compat"))
STORES = (DEBIAN, FEDORA, ARCH)


def store_of(which: Which = shutil.which) -> Store:
    """This system's; TradectlError where we know none."""
    for store in STORES:
        if which(store.refresh[0]):
            return store
    hint = "give clients the file itself, as `curl --cacert` and SSL_CERT_FILE take it"
    raise TradectlError("the store of this system's authorities is not known here", hint, ExitCode.NOT_FOUND)


def run(commands: tuple[Command, ...]) -> None:
    """Each in turn; TradectlError with what the first that fails says."""
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            hint = "the system's store is the administrator's: run the printed commands as root"
            raise TradectlError(f"{' '.join(command)}: {said[-1] if said else 'failed'}", hint, ExitCode.STATE_UNUSABLE)
