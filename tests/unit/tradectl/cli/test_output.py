"""What is written where the user says."""

from pathlib import Path

import pytest

from tradectl.cli.output import write
from tradectl.errors import ExitCode, TradectlError


def test_a_result_is_written_into_a_folder_that_is_made(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b.svg", "é")
    assert (tmp_path / "a" / "b.svg").read_text(encoding="utf-8") == "é"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(TradectlError, match=r"b.svg cannot be written") as refused:
        write(tmp_path / "a" / "b.svg", "")
    assert refused.value.exit_code is ExitCode.BAD_INPUT
