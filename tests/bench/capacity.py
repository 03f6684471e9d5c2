"""The highest rate of requests that holds p99(order)<200ms and errors<1%, on both ways to run."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests import containers
from tests.bench.figures import Figure, figure
from tests.bench.sandbox import NAME, TRADECTL, fresh_home, tradectl

SCENARIO = "trader"
WORDS = ("--users", "40", "--seed", "11", "--duration", "10")
LEAST = 50
"""Requests a second."""


def asked(home: Path, *words: str) -> tuple[int, Any]:
    """A command of the tool, its progress shown; exit code and document."""
    done = subprocess.run(
        [TRADECTL, *words, "--name", NAME, "--json"],
        env={**os.environ, "TRADECTL_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout or "{}")


def capacity(home: Path, scenario: str = SCENARIO) -> float:
    """Of a sandbox that is up; RuntimeError when its books do not agree afterwards."""
    _, found = asked(home, "load", "capacity", scenario, "--from", "25", *WORDS)
    if not found["audit"]["clean"]:
        raise RuntimeError("the audit after the search found differences")
    return float(found["capacity"])


def measure() -> list[Figure]:
    """Embedded, and containers where there is an engine."""
    figures = []
    for backend in ("embedded", "containers"):
        if backend == "containers" and (why := containers.missing_any()):
            print(f"the capacity on containers is left out: {why}", file=sys.stderr)
            continue
        with fresh_home() as home:
            tradectl(home, "up", "--backend", backend)
            borne = capacity(home)
        name = f"{backend}: requests a second of traders, p99 of an order below 200 ms"
        figures.append(figure(name, [borne], LEAST, "high"))
    return figures
