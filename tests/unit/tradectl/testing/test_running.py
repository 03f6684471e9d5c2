"""Homes of sandboxes: whose they are, and what their settings say."""

import os
from pathlib import Path

import pytest

from tradectl.testing.running import PREFIX, is_orphaned, parsed

NOBODY = 2**31 - 1
"""No process has this number."""


def home(tmp_path: Path, name: str) -> Path:
    made = tmp_path / name
    made.mkdir()
    return made


def test_a_home_is_orphaned_when_the_process_that_made_it_is_gone(tmp_path: Path) -> None:
    assert is_orphaned(home(tmp_path, f"{PREFIX}{NOBODY}-abc"))
    assert not is_orphaned(home(tmp_path, f"{PREFIX}{os.getpid()}-abc"))


def test_what_is_no_home_of_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}{NOBODY}-file").touch()
    assert not is_orphaned(tmp_path / f"{PREFIX}{NOBODY}-file")
    assert not is_orphaned(home(tmp_path, f"{PREFIX}mine-abc"))
    assert not is_orphaned(tmp_path / f"{PREFIX}{NOBODY}-gone")


def test_a_setting_has_two_halves() -> None:
    assert parsed("orders.max_open = 2") == ("orders.max_open", "2")


@pytest.mark.parametrize("setting", ["orders.max_open", "=2", "orders.max_open=", ""])
def test_half_a_setting_is_refused_with_an_example(setting: str) -> None:
    with pytest.raises(pytest.UsageError, match=r"orders\.max_open=2"):
        parsed(setting)
