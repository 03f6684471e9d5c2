"""Names of channels."""

import pytest

from services.bff.domain.channels import Channel, parse
from services.contracts.errors import DomainError


@pytest.mark.parametrize(
    ("name", "kind", "topic"),
    [
        ("quotes:AAPL", "quotes", "AAPL"),
        ("book:BTCUSDT", "book", "BTCUSDT"),
        ("trades:BRK.B", "trades", "BRK.B"),
        ("candles:AAPL:1m", "candles", "AAPL"),
        ("orders", "orders", ""),
        ("portfolio", "portfolio", ""),
        ("notifications", "notifications", ""),
        ("signals", "signals", ""),
        ("chat:01j4s9aq4n3v8q2r5t7w9y1z3b", "chat", "01j4s9aq4n3v8q2r5t7w9y1z3b"),
    ],
)
def test_a_name_says_what_and_of_what(name: str, kind: str, topic: str) -> None:
    assert parse(name) == Channel(name, kind, topic)


@pytest.mark.parametrize(
    "name",
    ["", "quotes", "quotes:", "quotes:A:B", "candles:AAPL", "candles:AAPL:5m", "orders:1", 'book:A"', "chat:../x", "x"],
)
def test_what_is_no_channel_is_refused(name: str) -> None:
    with pytest.raises(DomainError) as refused:
        parse(name)
    assert refused.value.code == "unknown_channel"
