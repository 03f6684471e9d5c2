"""What is written of a snapshot beside its copies, and whether it fits a sandbox and this tradectl."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.settings import RunSettings
from tradectl.stack.state import read_json, write_json
from tradectl.stack.topology import platform

FILE = "snapshot.json"
SETTINGS_OF_A_START = ("only", "scale", "limits")
"""What of a sandbox's settings is not part of what it holds."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """``taken`` is wall time and ``market`` the market's, where it was running; ``files`` are sizes by path."""

    name: str
    sandbox: str
    taken: str
    backend: str
    market: str | None
    pace: Mapping[str, Any] | None
    tradectl: str
    schema: Mapping[str, str]
    """The last revision of each service's tables."""
    settings: Mapping[str, Any]
    files: Mapping[str, int] = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(self.files.values())

    @property
    def run_settings(self) -> RunSettings:
        return RunSettings(**{**self.settings, "only": tuple(self.settings["only"])})

    @property
    def fingerprint(self) -> str:
        """The schema in eight letters, so that two can be compared at a glance."""
        said = " ".join(f"{service}:{revision}" for service, revision in sorted(self.schema.items()))
        return sha256(said.encode()).hexdigest()[:8]

    def unfit(self, release: str, schema: Mapping[str, str]) -> Iterator[str]:
        """Why this tradectl cannot go on with it."""
        if self.tradectl != release:
            yield f"it is of tradectl {self.tradectl}, this is {release}"
        for service in sorted(self.schema.keys() | schema.keys()):
            theirs, ours = self.schema.get(service, "no tables"), schema.get(service, "no tables")
            if theirs != ours:
                yield f"its tables of {service} are at {theirs}, here they are at {ours}"


def release() -> str:
    return version("tradectl")


def schema() -> dict[str, str]:
    """The last revision of each service's tables, by the names of the files that make them."""
    found = {}
    for service in platform().services:
        spec = find_spec(f"services.{service.name}")
        for folder in (spec.submodule_search_locations or []) if spec else []:
            revisions = sorted(path.stem for path in (Path(folder) / "migrations" / "versions").glob("*.py"))
            found.update({service.name: revisions[-1]} if revisions else {})
    return found


def write(folder: Path, snapshot: Snapshot) -> None:
    write_json(folder / FILE, asdict(snapshot))


def read(folder: Path) -> Snapshot:
    """TradectlError when what lies there is no snapshot that this tradectl can read."""
    try:
        return Snapshot(**read_json(folder / FILE))
    except (TradectlError, TypeError) as error:
        hint = f"`tradectl snapshot rm {folder.name} --name {folder.parent.name}` removes it"
        raise TradectlError(f"the snapshot {folder} cannot be read", hint, ExitCode.STATE_UNUSABLE) from error
