import sys
from pathlib import Path

import pytest

from tradectl.cli.started import called


def test_the_tool_is_called_by_its_name_where_the_shell_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "tradectl"
    installed.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert called() == "tradectl"


def test_elsewhere_it_is_called_as_it_was_called_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [".venv/bin/tradectl", "up"])
    assert called() == ".venv/bin/tradectl"
