"""What a sandbox is started with: kept with its state, so that `up` after a crash goes on with the same market."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from services.contracts.times import from_rfc3339
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import Sandbox, read_json, write_json
from tradectl.stack.topology import SERVICES, platform

FULL_SPEED = "max"
MOST_INSTANCES = 9
GZIP = b"\x1f\x8b"
WORLD = ("seed", "feed", "speed", "at", "at_end", "paused")
"""What the simulators are told."""
CHANGEABLE = frozenset({"speed", "only", "scale", "network_faults", "limits"})
"""What may differ from one start to the next."""
STAYING = ("backend", "only", "scale", "network_faults")
"""What a sandbox consists of, whatever happens in it."""
ALWAYS = frozenset({"paused"})
"""What may be asked for while it runs, too."""


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """``speed`` is market seconds a second, or ``max``; ``at`` the market time of the start, RFC 3339."""

    seed: int = 1
    feed: str | None = None
    speed: str = "1"
    at: str | None = None
    at_end: str = "agents"
    paused: bool = False
    """A new market's time stands at its beginning."""
    backend: str = "embedded"
    only: tuple[str, ...] = ()
    """Services and simulators that were asked for; all without any."""
    scale: Mapping[str, int] = field(default_factory=dict)
    """Instances of a service, where there are more than one."""
    network_faults: bool = False
    """Whether what parts say to each other passes the simulated network, which can be disturbed."""
    limits: Mapping[str, str] = field(default_factory=dict)
    """Settings of services, as ``orders.max_open``, that are not the usual ones."""
    trees: Mapping[str, str] = field(default_factory=dict)
    """By instance of a service: the source tree that it runs from, where that is not the tool's own."""

    def options(self) -> dict[str, str]:
        """As parts read them: only what is set."""
        told = {name: getattr(self, name) for name in WORLD}
        world = {name: str(value) for name, value in told.items() if value is not None and value is not False}
        return {**world, **self.limits}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the command line asked for; None where it said nothing."""

    seed: int | None = None
    feed: Path | None = None
    speed: str | None = None
    at: str | None = None
    at_end: str | None = None
    paused: bool = False
    backend: str | None = None
    only: Sequence[str] | None = None
    scale: Mapping[str, int] | None = None
    network_faults: bool | None = None
    limits: Sequence[str] | None = None
    """Each as ``orders.max_open=2``."""

    def given(self) -> dict[str, Any]:
        """The settings that were named, checked; TradectlError for one that cannot be used."""
        asked = {
            "seed": self.seed,
            "feed": None if self.feed is None else str(readable_feed(self.feed)),
            "speed": None if self.speed is None else speed(self.speed),
            "at": None if self.at is None else moment(self.at),
            "at_end": self.at_end,
            "paused": self.paused or None,
            "backend": self.backend,
            "only": None if self.only is None else selected(self.only),
            "scale": None if self.scale is None else scaled(self.scale),
            "network_faults": self.network_faults,
            "limits": None if self.limits is None else limited(self.limits),
        }
        return {name: value for name, value in asked.items() if value is not None}


def settle(sandbox: Sandbox, wanted: Wanted, *, running: bool) -> RunSettings:
    """The settings that hold: those of the state where there is one, which the command line may not contradict.

    Only some of them may differ from start to start.
    """
    given = wanted.given()
    if not sandbox.exists:
        return possible(RunSettings(**given))
    kept = load(sandbox)
    fixed = [name for name in given if name not in ALWAYS and (running or name not in CHANGEABLE)]
    different = [name for name in fixed if getattr(kept, name) != given[name]]
    if different:
        said = ", ".join(_option(name, getattr(kept, name)) for name in different)
        hint = f"`tradectl down --name {sandbox.name}` first, or start another sandbox with --name"
        if different == ["speed"] and given["speed"] != FULL_SPEED:
            hint = f"`tradectl clock speed {given['speed']} --name {sandbox.name}` changes it while it runs"
        raise TradectlError(f"sandbox {sandbox.name} runs with {said}", hint, ExitCode.CONFLICT)
    return possible(replace(kept, **given))


def possible(settings: RunSettings) -> RunSettings:
    """The same; TradectlError where their backend cannot have them."""
    if settings.backend == "compose" and settings.network_faults:
        what = "the backend compose has no simulated network: its containers speak with each other directly"
        hint = "`tradectl up --backend containers --network-faults --name ...` starts a sandbox that has one"
        raise TradectlError(what, hint, ExitCode.CONFLICT)
    return settings


def anew(kept: RunSettings, wanted: Wanted) -> RunSettings:
    """The settings of a new beginning: what was, or what is asked for and the usual for the rest of the world."""
    given = wanted.given()
    staying = {name: getattr(kept, name) for name in STAYING}
    return RunSettings(**{**staying, **given}) if given else kept


def load(sandbox: Sandbox) -> RunSettings:
    """The settings kept with the state."""
    kept = read_json(sandbox.settings)
    return RunSettings(**{**kept, "only": tuple(kept.get("only", ()))})


def keep(sandbox: Sandbox, settings: RunSettings) -> None:
    """Write them beside the state."""
    write_json(sandbox.settings, asdict(settings))


def _option(name: str, value: Any) -> str:
    """A setting with its option; a switch is there or not."""
    option = f"--{name.replace('_', '-')}"
    if isinstance(value, bool):
        return option if value else f"no {option}"
    return f"{option} {_typed(value)}"


def _typed(value: Any) -> str:
    """A setting as the command line takes it."""
    if isinstance(value, Mapping):
        return ",".join(f"{name}={each}" for name, each in value.items()) or "the usual"
    return ",".join(value) or "all" if isinstance(value, tuple) else str(value)


def selected(names: Sequence[str]) -> tuple[str, ...]:
    """Parts that exist, ``sim`` for all simulators; ``all`` for no selection."""
    if "all" in names:
        return ()
    for name in names:
        if name != "sim":
            platform()[name]
    return tuple(dict.fromkeys(names))


def scaled(counts: Mapping[str, int]) -> dict[str, int]:
    """How many instances of which service, where it is not one."""
    for name, count in counts.items():
        if name not in SERVICES:
            hint = f"one of: {', '.join(SERVICES)}"
            raise TradectlError(f"--scale {name}: only services run more than once", hint, ExitCode.NOT_FOUND)
        if not 1 <= count <= MOST_INSTANCES:
            hint = f"1 to {MOST_INSTANCES}: --scale orders=2"
            raise TradectlError(f"--scale {name}={count}: not so many", hint, ExitCode.BAD_INPUT)
    return {name: count for name, count in counts.items() if count != 1}


def limited(pairs: Sequence[str]) -> dict[str, str]:
    """Settings of services by name; the service itself knows which there are."""
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or name.partition(".")[0] not in SERVICES:
            hint = "a setting of a service, as --set orders.max_open=100"
            raise TradectlError(f"--set {pair} cannot be read", hint, ExitCode.BAD_INPUT)
        found[name] = value
    return found


def speed(text: str) -> str:
    """A positive number or ``max``."""
    if text == FULL_SPEED:
        return text
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 1_000_000:
        raise TradectlError(f"--speed {text} is no speed", "a number above 0, or max", ExitCode.BAD_INPUT)
    return text


def moment(text: str) -> str:
    """A time with its zone."""
    try:
        from_rfc3339(text)
    except ValueError:
        hint = "RFC 3339 with a zone: --at 2024-08-08T07:10:00Z"
        raise TradectlError(f"--at {text} is no time", hint, ExitCode.BAD_INPUT) from None
    return text


def readable_feed(path: Path) -> Path:
    """The file's absolute path; TradectlError when it is not there, is empty or does not begin as a feed does.

    The venue reads the rest: what is wrong further on, it names by its line.
    """
    try:
        with path.open("rb") as file:
            start = file.read(2)
        if start == GZIP:
            with gzip.open(path) as unpacked:
                start = unpacked.read(1)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TradectlError(f"the feed {path} cannot be read: {reason}", FEED_HINT, ExitCode.BAD_INPUT) from error
    if not start:
        raise TradectlError(f"the feed {path} is empty", FEED_HINT, ExitCode.BAD_INPUT)
    return path.resolve()


FEED_HINT = "give a recording, gzip or plain: each line a receive time in nanoseconds and a JSON message"
