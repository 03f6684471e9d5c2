"""What every start needs of this machine."""

import importlib.util
import re
import shutil
import socket
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

from tradectl.doctor.check import Check
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.ports import LOOPBACK, holder, remembered, taken
from tradectl.stack.state import Sandbox

PYTHON = (3, 11)
DISK_MIB = 500
"""A day of logs and journals."""
MEMORY_MIB = 400
"""The host's 250 and room for the tool."""
BUILT = 1_767_225_600
"""2026-01-01, seconds: no clock can be before this program was written."""
DAILY_BARS = "bokeh_sampledata"
REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[^]]*\])?>=([\d.]+)")


def python(version: tuple[int, int, int]) -> Check:
    """The interpreter is new enough."""
    said = ".".join(map(str, version))
    wanted = ".".join(map(str, PYTHON))
    return Check("python", said, "" if version[:2] >= PYTHON else f"install Python {wanted} and run `make setup`")


def versions(required: Mapping[str, str]) -> Check:
    """Each library is there, and new enough."""
    found = {name: _installed(name) for name in required}
    old = {name: said for name, said in found.items() if said is None or _numbers(said) < _numbers(required[name])}
    if old:
        said = ", ".join(f"{name} {version or 'is missing'} (needs {required[name]})" for name, version in old.items())
        return Check("libraries", said, "run `make setup`")
    return Check("libraries", f"{len(found)}, all new enough")


def required(lines: Iterable[str] | None = None) -> dict[str, str]:
    """The least version of each library, as the package says it."""
    said = lines if lines is not None else metadata.requires("tradectl") or ()
    return {found[1]: found[2] for line in said if "extra ==" not in line and (found := REQUIREMENT.match(line))}


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    """Of a version, the part that can be compared without knowing what an alpha is."""
    return tuple(int(number) for number in re.findall(r"\d+", re.match(r"[\d.]*", version)[0]))  # type: ignore[index]


def loopback(address: str = LOOPBACK) -> Check:
    """A port can be bound where everything listens."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind((address, 0))
            return Check("loopback", f"port {probe.getsockname()[1]} of {address} can be bound")
    except OSError as error:
        return Check("loopback", f"{address}: {error.strerror}", "bring the loopback interface up: ip link set lo up")


def ports(sandboxes: Sequence[Sandbox]) -> Check:
    """No port of a sandbox that is down is used by somebody else."""
    stolen = {
        f"{place.name} {name}": port
        for place in sandboxes
        if not place.in_use()
        for name, port in taken(remembered(place.ports) | remembered(place.server_ports)).items()
    }
    if not stolen:
        return Check("ports", "none is taken")
    said = ", ".join(f"{port} of {name} by {holder(port) or 'another process'}" for name, port in stolen.items())
    return Check("ports", f"taken: {said}", "end that process, or `tradectl up --new-ports`")


def state_directory(place: Path) -> Check:
    """Sandboxes can be written."""
    nearest = next(folder for folder in (place, *place.parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        mend = "make it writable, or choose another with TRADECTL_HOME=/path/to/a/directory"
        return Check("state directory", f"{nearest}: {error.strerror}", mend)
    return Check("state directory", str(place))


def disk(place: Path, needed_mib: int = DISK_MIB) -> Check:
    """There is room for logs and journals."""
    nearest = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(nearest).free // 2**20
    return Check("disk", f"{free} MiB free", "" if free >= needed_mib else f"free {needed_mib - free} MiB on {nearest}")


def memory(available_mib: int | None, needed_mib: int = MEMORY_MIB) -> Check:
    """There is room for the host."""
    if available_mib is None:
        return Check("memory", "this system does not say")
    short = available_mib < needed_mib
    return Check(
        "memory", f"{available_mib} MiB available", f"{needed_mib} MiB are needed: end something" if short else ""
    )


def available_memory(meminfo: Path = Path("/proc/meminfo")) -> int | None:
    """MiB that programs can still have; None where the system does not say."""
    if not meminfo.exists():
        return None
    lines = dict(line.split(":", 1) for line in meminfo.read_text(encoding="ascii").splitlines() if ":" in line)
    return int(lines["MemAvailable"].split()[0]) // 1024 if "MemAvailable" in lines else None


def stale(sandboxes: Sequence[Sandbox]) -> Check:
    """No sandbox died and was left."""
    idle = [place for place in sandboxes if not place.in_use()]
    dead = [place.name for place in idle if place.pid.exists() or place.unfinished.exists()]
    if dead:
        mend = f"`tradectl up --name {dead[0]}` goes on where it stopped; `tradectl down --name {dead[0]}` removes it"
        return Check("sandboxes", f"ended without `down`: {', '.join(dead)}", mend)
    return Check("sandboxes", f"{len(sandboxes)}, none ended by itself")


def hosts(sandboxes: Sequence[Sandbox]) -> Check:
    """A supervisor that runs has a host."""
    empty = [place.name for place in sandboxes if place.in_use() and not backend_of(place).children()]
    if empty:
        return Check("hosts", f"not ready: {', '.join(empty)}", f"`tradectl logs host --name {empty[0]}` says why")
    return Check("hosts", "each running sandbox has one")


def wall_clock(seconds: float) -> Check:
    """Tokens and certificates need the right time."""
    said = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))
    return Check("clock", said, "" if seconds >= BUILT else "set the machine's clock")


def package(name: str = DAILY_BARS) -> Check:
    """The daily bars of the shares are installed."""
    found = importlib.util.find_spec(name) is not None
    return Check("daily bars", name if found else f"{name} is not installed", "" if found else "run `make setup`")


def recording(folder: Path | None) -> Check:
    """The slice of a real exchange's feed is there."""
    files = sorted(folder.glob("*.gz")) if folder is not None and folder.is_dir() else []
    if not files:
        return Check(
            "recorded feed", "the slice in sim/feeds/data is missing", "check the tree out again: git checkout sim"
        )
    return Check("recorded feed", files[0].name)


def feed_data() -> Path | None:
    """Where the simulator keeps its recordings, without importing it."""
    found = importlib.util.find_spec("sim")
    locations = list(found.submodule_search_locations or ()) if found else []
    return Path(locations[0]) / "feeds" / "data" if locations else None
