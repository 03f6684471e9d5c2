"""Tags in a message."""

import pytest

from services.contracts.chat import symbols_of


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("$AAPL and $btcusdt, $AAPL.", ["AAPL", "BTCUSDT"]),
        ("$BRK.B!", ["BRK.B"]),
        ("$5, 5$, US$AAPL, $$AAPL, $", []),
        ("Что с $SBER?", ["SBER"]),
    ],
)
def test_a_dollar_before_letters_is_a_tag(text: str, symbols: list[str]) -> None:
    assert symbols_of(text) == symbols
