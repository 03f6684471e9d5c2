"""Where a sandbox's page of metrics lies."""

import os
from pathlib import Path

from tradectl.backup import metrics
from tradectl.stack.state import home

VARIABLE = "TRADECTL_BACKUP_METRICS"


def page_of(sandbox: str) -> Path:
    """In the folder of that variable, else beside the sandboxes, where `down` leaves it."""
    folder = Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else home() / "metrics"
    return metrics.path(folder, sandbox)
