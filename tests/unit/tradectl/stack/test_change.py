"""What a change that was cut off is done again by."""

from pathlib import Path

import pytest

from tradectl.errors import ExitCode
from tradectl.stack.change import Change, halfway
from tradectl.stack.state import Sandbox

DEFAULT, OTHER = Sandbox("default", Path("/nowhere/default")), Sandbox("other", Path("/nowhere/other"))


@pytest.mark.parametrize(
    ("change", "place", "command"),
    [
        (Change("load", "funded", "default"), DEFAULT, "tradectl snapshot load funded"),
        (Change("load", "funded", "other"), OTHER, "tradectl snapshot load funded --name other"),
        (Change("load", "funded", "default"), OTHER, "tradectl snapshot load funded --from default --name other"),
        (Change("reset"), DEFAULT, "tradectl reset"),
        (Change("reset"), OTHER, "tradectl reset --name other"),
    ],
)
def test_a_change_names_the_command_that_does_it_again(change: Change, place: Sandbox, command: str) -> None:
    assert change.command(place) == command


def test_a_half_loaded_sandbox_says_both_ways_out() -> None:
    error = halfway(OTHER, Change("load", "funded", "other"), "interrupted", ExitCode.INTERRUPTED)
    assert error.message == "sandbox other is only half loaded: interrupted"
    assert "tradectl snapshot load funded --name other" in error.hint
    assert "tradectl down --name other" in error.hint
    assert error.exit_code is ExitCode.INTERRUPTED
