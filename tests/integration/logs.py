"""What services in this process log, and the trace of a request that began it all."""

import json
from pathlib import Path
from typing import Any

from services.runtime import logfile

TRACE = "0af7651916cd43dd8448eb211c80319c"
REQUEST = f"00-{TRACE}-b7ad6b7169203331-01"
"""The span of the request, as an event of it is told on."""


class Logs:
    """The files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lines(self, part: str, event: str) -> list[dict[str, Any]]:
        """All lines of a part that tell of this event."""
        logfile.flush()
        lines = map(json.loads, (self._folder / f"{part}.jsonl").read_text(encoding="utf-8").splitlines())
        return [line for line in lines if line["event"] == event]
