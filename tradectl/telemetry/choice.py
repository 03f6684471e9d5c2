"""Which source answers for a run."""

import os

from tradectl.errors import TradectlError
from tradectl.probes.telemetry import variable
from tradectl.stack.state import Sandbox
from tradectl.telemetry.recorded import Recorded
from tradectl.telemetry.runs import run_of
from tradectl.telemetry.source import Source
from tradectl.telemetry.stores import Addresses, Stores

STORES = ("jaeger", "prometheus", "loki")


def source_of(sandbox: Sandbox, run: str = "") -> Source:
    """The stores where any run, else the newest run's record; a run that is named is always its record's.

    TradectlError when there is neither.
    """
    addresses = named()
    if run or not addresses:
        return Recorded(run_of(sandbox, run).path)
    try:
        return Stores(addresses, Recorded(run_of(sandbox).path))
    except TradectlError:
        return Stores(addresses)


def named() -> Addresses:
    """Of the stores that variables name; of others none is known."""
    return Addresses(**{store: os.environ.get(variable(store), "") for store in STORES})
