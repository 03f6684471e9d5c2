"""What the owner reads: exact, and null where nothing is known."""

import pytest

from services.portfolio.api.views import average_cost, worth
from tests.instruments import BTCUSDT


@pytest.mark.parametrize(
    ("cost", "quantity", "scale", "shown"),
    [
        (100_00, 3, 0, "33.3333"),
        (200_00, 3, 0, "66.6667"),
        (-100_00, -3, 0, "33.3333"),
        (100_00, 0, 0, None),
        (30_000_00, 50_000, 5, "60000.0000"),
    ],
)
def test_the_average_is_rounded_half_up_at_two_more_decimals(
    cost: int, quantity: int, scale: int, shown: str | None
) -> None:
    assert average_cost(cost, quantity, scale, 2) == shown


def test_worth_is_in_minor_units_and_negative_for_a_short_position() -> None:
    assert worth(50_000, 6_000_000, BTCUSDT) == 30_000_000_000
    assert worth(-50_000, 6_000_000, BTCUSDT) == -30_000_000_000
