"""What one types to filter lines and to break things."""

import pytest

from tests.unit.tradectl.telemetry.told import line
from tradectl.errors import TradectlError
from tradectl.overview.wish import fault_of, wish_of

GRAVE = line("040.000", "venue", "feed_broken", level="error", file="A.csv")
USUAL = line("010.000", "orders", "sent", level="info", order_id="o1", trace_id="a")


@pytest.mark.parametrize(
    ("text", "admitted"),
    [
        ("", [GRAVE, USUAL]),
        ("orders", [USUAL]),
        ("orders venue", [GRAVE, USUAL]),
        ("level:warning", [GRAVE]),
        ("order:o1", [USUAL]),
        ("trace:b", []),
        ("a.csv", [GRAVE]),
        ('"feed_broken" venue', [GRAVE]),
        ('"feed_bro', [GRAVE]),
    ],
)
def test_lines_are_filtered_by_part_level_id_and_words(text: str, admitted: list[object]) -> None:
    wish = wish_of(text)
    assert [each for each in (GRAVE, USUAL) if wish.admits(each)] == admitted


def test_an_unknown_level_names_the_known_ones() -> None:
    with pytest.raises(TradectlError, match="loud is no level") as caught:
        wish_of("level:loud")
    assert "warning" in caught.value.hint


def test_a_fault_is_a_kind_with_what_grades_it_and_how_long_it_lasts() -> None:
    assert fault_of("provider.latency ms=300 symbol=AAPL for=10s") == (
        "provider.latency",
        {"ms": 300.0, "symbol": "AAPL"},
        10.0,
    )
    assert fault_of("fix.gap")[2] == 30.0
