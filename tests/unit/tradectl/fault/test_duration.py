"""How long a fault lasts, as people write it."""

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.fault.duration import seconds


@pytest.mark.parametrize(
    ("text", "length"), [("500ms", 0.5), ("10s", 10), ("1.5s", 1.5), ("2m", 120), ("1h", 3_600), ("60m", 3_600)]
)
def test_a_number_and_its_unit_are_seconds(text: str, length: float) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize("text", ["", "10", "s", "0s", "-1s", "61m", "2h", "1d", "1 s", "nans", "1e3s"])
def test_anything_else_and_more_than_an_hour_is_refused(text: str) -> None:
    with pytest.raises(TradectlError) as caught:
        seconds(text)
    assert caught.value.exit_code is ExitCode.BAD_INPUT
