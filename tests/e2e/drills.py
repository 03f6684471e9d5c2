"""A rehearsed loss of the primary, as an operator has it, and what has to be true after it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.e2e.tool import Tool

WITHIN = 240
"""Seconds for a drill, which takes twenty where nothing else is at work."""


def rehearse(tool: Tool, folder: Path) -> None:
    """Lose the primary of a platform that runs in the middle of orders; it goes on as restored, and the books agree."""
    key = str(folder / "backup.key")
    tool.ok("backup", "key", key)
    said = lose(tool, {"TRADECTL_BACKUP_KEY_FILE": key})
    assert tool.ok("audit", "--settled", "--json").json["clean"], "whoever audits is told what the drill was told"
    (made,) = tool.ok("backup", "list", "--json").json
    assert (made["backend"], made["rows"] > 100) == (tool.backend, True)
    verified = tool.ok("backup", "verify", "--json", TRADECTL_BACKUP_KEY_FILE=key).json
    assert verified["logs"]["transactions"] >= said["transactions"]
    assert "tradectl_backup_drill_rto_seconds" in tool.ok("backup", "metrics").out


def lose(tool: Tool, key: Mapping[str, str]) -> dict[str, Any]:
    """The drill by itself; what it said."""
    drill = ("backup", "drill", "--rate", "8", "--for", "4", "--json")
    with tool.start(*drill, **key) as process:
        out, err = process.communicate(timeout=WITHIN)
    assert process.returncode == 0, f"{out}{err}"
    said: dict[str, Any] = json.loads(out)
    assert said["ok"]
    assert said["broken"] == {}
    assert said["differences"] == []
    assert said["acknowledged"] > 10
    assert 0 <= said["rpo"] < 5
    assert said["rto"] > 0
    return said
