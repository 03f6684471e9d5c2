"""Which children a changed file concerns."""

import os
from pathlib import Path

import pytest

from tradectl.stack import watch
from tradectl.stack.children import SIM, apart, in_one
from tradectl.stack.topology import SERVICES, platform
from tradectl.stack.warm import ROOT
from tradectl.stack.watch import Sources, affected

LAYOUT = apart(platform(), {"orders": 2})
ALL_SERVICES = {*SERVICES, "orders@2"}


@pytest.mark.parametrize(
    ("file", "children"),
    [
        ("services/orders/domain/order.py", {"orders", "orders@2"}),
        ("services/chat/store.py", {"chat"}),
        ("services/kernel/relay.py", ALL_SERVICES),
        ("services/contracts/money.py", {SIM, *ALL_SERVICES}),
        ("services/runtime/log.py", {SIM, *ALL_SERVICES}),
        ("tradectl/stack/part.py", {SIM, *ALL_SERVICES}),
        ("sim/venue/book.py", {SIM}),
        ("tradectl/cli/ps.py", set()),
        ("tradectl/audit/rules.py", set()),
    ],
)
def test_a_file_concerns_the_children_that_run_it(file: str, children: set[str]) -> None:
    assert set(affected(LAYOUT, {ROOT / file})) == children


def test_in_one_process_every_room_concerns_it() -> None:
    for file in ("services/orders/store.py", "services/kernel/relay.py", "sim/venue/book.py"):
        assert affected(in_one(platform()), {ROOT / file}) == ["host"]


def test_files_that_are_written_made_or_removed_are_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "sources", lambda: tmp_path.glob("*.py"))
    (kept, gone, new) = (tmp_path / f"{name}.py" for name in ("kept", "gone", "new"))
    kept.touch()
    gone.touch()
    files = Sources()
    assert files.changes() == set()
    os.utime(kept, (1, 1))
    gone.unlink()
    new.touch()
    assert files.changes() == {kept, gone, new}
    assert files.changes() == set()
