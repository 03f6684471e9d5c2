"""Which source answers for a run."""

from tradectl.stack.state import Sandbox
from tradectl.telemetry.recorded import Recorded
from tradectl.telemetry.runs import run_of
from tradectl.telemetry.source import Source


def source_of(sandbox: Sandbox, run: str = "") -> Source:
    """Of the newest run, or the one of this id; TradectlError when it is not kept."""
    return Recorded(run_of(sandbox, run).path)
