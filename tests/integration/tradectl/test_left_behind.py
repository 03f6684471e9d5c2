"""What `down` calls left behind."""

import subprocess

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.backends.local import check_nothing_left


def test_a_process_that_is_just_ending_is_not_left_behind() -> None:
    with subprocess.Popen(["sleep", "0.3"]) as ending:
        check_nothing_left([ending.pid], {})


def test_a_process_that_goes_on_is_left_behind() -> None:
    with subprocess.Popen(["sleep", "60"]) as lasting:
        try:
            with pytest.raises(TradectlError, match=f"left behind: process {lasting.pid}") as caught:
                check_nothing_left([lasting.pid], {})
        finally:
            lasting.kill()
    assert caught.value.exit_code == ExitCode.LEFT_BEHIND
