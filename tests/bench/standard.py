"""How long the standard set takes: every scenario of scenarios/, four side by side, on embedded parts."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from tests.bench.figures import Figure, figure
from tests.bench.sandbox import TRADECTL

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def measure() -> list[Figure]:
    """Seconds of one run, by its own report; CalledProcessError when a scenario does not hold."""
    with tempfile.TemporaryDirectory(prefix="tradectl-bench-") as home:
        done = subprocess.run(
            [TRADECTL, "scenario", "run", str(SCENARIOS), "--backend", "embedded", "--parallel", "4", "--json"],
            env={**os.environ, "TRADECTL_HOME": home},
            capture_output=True,
            text=True,
            check=True,
        )
    report = json.loads(done.stdout)
    return [figure("the standard set of scenarios on embedded parts, s", [report["seconds"]], 120, "low", " s")]
