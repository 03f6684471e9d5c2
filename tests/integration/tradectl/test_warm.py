"""Modules that were changed are read anew by a child that is started again."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tradectl.stack import warm
from tradectl.stack.children import SIM, Child, apart
from tradectl.stack.topology import platform

LAYOUT = apart(platform(), {})
SHOWN = """
import sys
from tradectl.stack.warm import load_all
from tradectl.stack.children import apart
from tradectl.stack.topology import platform
load_all(apart(platform(), {}))
import threading
print(threading.active_count())
"""


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The packages that were dropped."""
    found: list[str] = []
    monkeypatch.setattr(warm, "drop", found.extend)
    return found


@pytest.mark.parametrize(
    ("file", "child", "dropped"),
    [
        ("services/orders/store/orders.py", LAYOUT["orders"], ["services.orders"]),
        ("services/orders/store/orders.py", LAYOUT["chat"], []),
        ("services/kernel/relay.py", LAYOUT["chat"], [*warm.OURS]),
        ("services/contracts/money.py", LAYOUT["chat"], [*warm.OURS]),
        ("tradectl/stack/part.py", LAYOUT["chat"], [*warm.OURS]),
        ("sim/venue/book.py", LAYOUT[SIM], [*warm.OURS]),
    ],
)
def test_a_room_that_was_written_to_is_forgotten_with_what_stands_on_it(
    monkeypatch: pytest.MonkeyPatch, forgotten: list[str], file: str, child: Child, dropped: list[str]
) -> None:
    path = warm.ROOT / file
    assert path.is_file()
    monkeypatch.setattr(warm, "sources", lambda: iter([path]))
    warm.drop_changed(child, path.stat().st_mtime - 1)
    assert forgotten == dropped


def test_without_a_change_nothing_is_forgotten(forgotten: list[str]) -> None:
    warm.drop_changed(LAYOUT["orders"], time.time() + 1)
    assert forgotten == []


def test_a_module_that_was_dropped_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "__init__.py").touch()
    module = tmp_path / "room" / "value.py"
    module.write_text("def value(): return 1")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert warm.load("room.value:value")() == 1
    module.write_text("def value(): return 22")
    warm.drop(["room"])
    assert warm.load("room.value:value")() == 22
    assert "room" in sys.modules


def test_the_libraries_start_no_thread() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOWN], capture_output=True, text=True, check=True, env={**os.environ, "TZ": "UTC"}
    )
    assert done.stdout.split() == ["1"]
