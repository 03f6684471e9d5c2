"""What can be broken, as the tool tells it."""

import pytest

from services.contracts.faults import KINDS
from tradectl.errors import ExitCode, TradectlError
from tradectl.fault.kinds import graded, kind_of


def test_a_kind_is_found_by_its_name() -> None:
    assert kind_of("fix.gap") is KINDS["fix.gap"]


def test_a_name_that_is_none_brings_those_that_are_like_it() -> None:
    with pytest.raises(TradectlError) as caught:
        kind_of("fix.gaps")
    assert caught.value.exit_code is ExitCode.NOT_FOUND
    assert "fix.gap" in caught.value.hint


def test_a_parameter_is_shown_as_it_is_typed() -> None:
    percent, offset = KINDS["fix.wrong_number"].parameters
    assert graded(percent) == "--percent 10 (%, 0.1 to 100)"
    assert graded(offset) == "--offset 2 (numbers, -100 to 100)"
    (service, _) = KINDS["service.slow"].parameters
    assert graded(service) == "--service NAME"
