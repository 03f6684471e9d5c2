"""Backups as an operator makes and uses them, on a platform that runs."""

from pathlib import Path

import pytest

from tests.e2e import drills
from tests.e2e.tool import Tool
from tests.e2e.trading import Place
from tradectl.errors import ExitCode
from tradectl.probes.eventually import eventually

SEED = 11


def test_a_primary_that_is_lost_under_load_comes_back_and_the_books_agree(contained: Tool, tmp_path: Path) -> None:
    contained.ok("up", "--quiet")
    drills.rehearse(contained, tmp_path)


@pytest.mark.night
@pytest.mark.timeout(1_200)
def test_on_compose_a_primary_that_is_lost_under_load_comes_back_and_the_books_agree(
    on_compose: Tool, tmp_path: Path
) -> None:
    drills.rehearse(on_compose, tmp_path)


@pytest.mark.night
@pytest.mark.timeout(900)
def test_beside_a_shipper_the_primary_may_be_lost_and_both_go_on(contained: Tool, tmp_path: Path) -> None:
    """Each follows the primary's log by a number of its own; the shipper goes on with the new primary's."""
    contained.ok("up", "--quiet")
    key = {"TRADECTL_BACKUP_KEY_FILE": str(tmp_path / "backup.key")}
    contained.ok("backup", "key", key["TRADECTL_BACKUP_KEY_FILE"])
    with contained.running("backup", "ship", "--every", "0.5", "--json", **key) as shipping:
        drills.lose(contained, key)
        contained.ok("backup", "create", **key)
        contained.ok("smoke")

        def shipped() -> bool | None:
            return contained.ok("backup", "verify", "--json", **key).json["logs"]["transactions"] > 0 or None

        eventually(shipped, 60, what="logs of the new primary in the store", every=1)
        assert shipping.poll() is None


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
