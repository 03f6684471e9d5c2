"""How long a fault lasts, as people write it."""

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.fault.duration import said, seconds


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
    assert "up to 1h" in caught.value.hint


def test_what_may_last_longer_than_a_fault_says_how_long() -> None:
    assert seconds("2h", 7 * 86_400, "a silence") == 7_200
    assert seconds("2d", 7 * 86_400, "a silence") == 172_800
    with pytest.raises(TradectlError, match="a silence cannot last 8d") as caught:
        seconds("8d", 7 * 86_400, "a silence")
    assert "up to 7d" in caught.value.hint


@pytest.mark.parametrize(("length", "text"), [(3_600, "1h"), (90, "90s"), (2_592_000, "30d")])
def test_a_length_is_said_as_it_is_written(length: float, text: str) -> None:
    assert said(length) == text
