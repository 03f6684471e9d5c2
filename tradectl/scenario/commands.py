"""The tool's own verbs, each in a process of its own: they take signals, and several run side by side here."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from tradectl.scenario.failures import Broke

LIMIT = 180.0
"""Seconds that any of them may take."""


def tradectl(*words: str, settings: Mapping[str, str] | None = None, timeout: float = LIMIT) -> Any:
    """The JSON that the verb prints; Broke with its words when it fails. ``settings`` are those of the services."""
    command = [sys.executable, "-P", "-m", "tradectl.cli.app", *words, "--json"]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **environment(settings or {}), "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            start_new_session=True,  # an interrupt is ours to pass on, by `down`
        )
    except subprocess.TimeoutExpired as error:
        raise Broke(f"tradectl {' '.join(words)}: not within {timeout:g} s") from error
    if done.returncode:
        raise Broke(f"tradectl {' '.join(words)} ended with {done.returncode}: {last(done.stderr)}")
    return json.loads(done.stdout) if done.stdout.strip() else None


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """``orders.max_open`` as the services read it."""
    return {f"TRADECTL_{name.replace('.', '__').upper()}": value for name, value in settings.items()}


def last(text: str) -> str:
    """What an error says: its line on stderr."""
    lines = [line for line in text.splitlines() if line.startswith(("error", "mend"))]
    return "; ".join(line.partition(" ")[2].strip() for line in lines) or text.strip()[-300:]
