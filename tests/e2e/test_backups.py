"""Backups as an operator makes and uses them, on a platform that runs."""

import json
from pathlib import Path

import pytest

from tests.e2e.tool import Tool
from tests.e2e.trading import Place
from tradectl.errors import ExitCode

SEED = 11
PATIENCE = 240
"""Seconds for a drill, which takes thirty where nothing else is at work."""


def test_a_primary_that_is_lost_under_load_comes_back_and_the_books_agree(contained: Tool, tmp_path: Path) -> None:
    key = str(tmp_path / "backup.key")
    contained.ok("backup", "key", key)
    contained.ok("up", "--quiet")
    drill = ("backup", "drill", "--rate", "8", "--for", "4", "--json")
    with contained.start(*drill, TRADECTL_BACKUP_KEY_FILE=key) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, f"{out}{err}"
    said = json.loads(out)

    assert said["ok"]
    assert said["broken"] == {}
    assert said["differences"] == []
    assert said["acknowledged"] > 10
    assert 0 <= said["rpo"] < 5
    assert said["rto"] > 0
    (made,) = contained.ok("backup", "list", "--json").json
    assert (made["backend"], made["rows"] > 100) == ("containers", True)
    assert "tradectl_backup_drill_rto_seconds" in contained.ok("backup", "metrics").out


@pytest.mark.night
async def test_a_running_sandbox_is_backed_up_without_a_pause_and_comes_back(tool: Tool, tmp_path: Path) -> None:
    key = str(tmp_path / "backup.key")
    tool.ok("backup", "key", key)
    tool.ok("up", "--quiet")
    place = Place(tool)
    async with place.client() as http:
        ann = await place.trader(http, "ann", SEED).enter()
        for number in range(4):
            await ann.trade(f"before-{number}")
        made = tool.ok("backup", "create", "--json", TRADECTL_BACKUP_KEY_FILE=key).json
        for number in range(4):
            await ann.trade(f"after-{number}")
        tool.ok("backup", "verify", "--deep", TRADECTL_BACKUP_KEY_FILE=key)
        restored = tool.ok("backup", "restore", "--json", TRADECTL_BACKUP_KEY_FILE=key).json

        assert (restored["id"], restored["running"]) == (made["id"], True)
        assert place.audit().differences == []
        names = {order["client_order_id"] for order in await ann.lives()}
        assert not any(name.startswith("after") for name in names)


@pytest.mark.night
def test_a_shipper_needs_a_binary_log(tool: Tool, tmp_path: Path) -> None:
    key = str(tmp_path / "backup.key")
    tool.ok("backup", "key", key)
    tool.ok("up", "--quiet")
    refused = tool.run("backup", "ship", "--for", "1", TRADECTL_BACKUP_KEY_FILE=key)

    assert refused.code == ExitCode.CONFLICT
    assert "a sandbox on embedded parts has no binary log" in refused.err
