"""What a sandbox is started with: kept with its state, so that `up` after a crash goes on with the same market."""

import gzip
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from services.contracts.times import from_rfc3339
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import Sandbox, read_json, write_json

FULL_SPEED = "max"
GZIP = b"\x1f\x8b"


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """``speed`` is market seconds a second, or ``max``; ``at`` the market time of the start, RFC 3339."""

    seed: int = 1
    feed: str | None = None
    speed: str = "1"
    at: str | None = None
    at_end: str = "agents"

    def options(self) -> dict[str, str]:
        """As the simulators read them: only what is set."""
        return {name: str(value) for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the command line asked for; None where it said nothing."""

    seed: int | None = None
    feed: Path | None = None
    speed: str | None = None
    at: str | None = None
    at_end: str | None = None

    def given(self) -> dict[str, Any]:
        """The settings that were named, checked; TradectlError for one that cannot be used."""
        asked = {
            "seed": self.seed,
            "feed": None if self.feed is None else str(readable_feed(self.feed)),
            "speed": None if self.speed is None else speed(self.speed),
            "at": None if self.at is None else moment(self.at),
            "at_end": self.at_end,
        }
        return {name: value for name, value in asked.items() if value is not None}


def settle(sandbox: Sandbox, wanted: Wanted, *, running: bool) -> RunSettings:
    """The settings that hold: those of the state where there is one, which the command line may not contradict.

    Only the speed may differ from start to start.
    """
    given = wanted.given()
    if not sandbox.exists:
        return RunSettings(**given)
    kept = load(sandbox)
    fixed = [name for name in given if running or name != "speed"]
    different = [name for name in fixed if getattr(kept, name) != given[name]]
    if different:
        said = ", ".join(f"--{name.replace('_', '-')} {getattr(kept, name)}" for name in different)
        hint = f"`tradectl down --name {sandbox.name}` first, or start another sandbox with --name"
        if different == ["speed"] and given["speed"] != FULL_SPEED:
            hint = f"`tradectl clock speed {given['speed']} --name {sandbox.name}` changes it while it runs"
        raise TradectlError(f"sandbox {sandbox.name} runs with {said}", hint, ExitCode.CONFLICT)
    return replace(kept, **given)


def load(sandbox: Sandbox) -> RunSettings:
    """The settings kept with the state."""
    return RunSettings(**read_json(sandbox.settings))


def keep(sandbox: Sandbox, settings: RunSettings) -> None:
    """Write them beside the state."""
    write_json(sandbox.settings, asdict(settings))


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
