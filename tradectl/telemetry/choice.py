"""Which source answers for a run."""

import os
from typing import Any

from tradectl.errors import TradectlError
from tradectl.stack.state import Sandbox, read_json
from tradectl.telemetry.recorded import Recorded
from tradectl.telemetry.runs import run_of
from tradectl.telemetry.source import Source
from tradectl.telemetry.stores import Addresses, Stores

VARIABLES = {
    "jaeger": "TRADECTL_JAEGER_URL",
    "prometheus": "TRADECTL_PROMETHEUS_URL",
    "loki": "TRADECTL_LOKI_URL",
}
"""Where the stores are; what a sandbox says of its own comes first."""
KEY = "telemetry"
"""In the sandbox's file of infrastructure: their addresses by name."""


def source_of(sandbox: Sandbox, run: str = "") -> Source:
    """The stores where any run, else the newest run's record; a run that is named is always its record's.

    TradectlError when there is neither.
    """
    addresses = addresses_of(sandbox)
    if run or not addresses:
        return Recorded(run_of(sandbox, run).path)
    try:
        return Stores(addresses, Recorded(run_of(sandbox).path))
    except TradectlError:
        return Stores(addresses)


def addresses_of(sandbox: Sandbox) -> Addresses:
    """Of the stores that this sandbox's platform sends to; none are known of an embedded one that was told none."""
    own: Any = read_json(sandbox.infrastructure).get(KEY, {}) if sandbox.infrastructure.exists() else {}
    return Addresses(
        **{name: str(own.get(name) or os.environ.get(variable, "")) for name, variable in VARIABLES.items()}
    )
