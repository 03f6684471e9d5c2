"""Words of a trader's steps."""

from decimal import Decimal

import pytest

from tradectl.testing.trader import Terms, id_of, said, type_of
from tradectl.trader.failures import Failed


@pytest.mark.parametrize(
    ("terms", "kind"),
    [
        (Terms(), "market"),
        (Terms(limit="bid - 5%"), "limit"),
        (Terms(stop=5), "stop"),
        (Terms(stop=5, limit=4), "stop_limit"),
    ],
)
def test_an_orders_type_follows_from_its_prices(terms: Terms, kind: str) -> None:
    assert type_of(terms) == kind


def test_an_order_is_one_that_was_placed_or_its_id() -> None:
    assert id_of({"id": "a", "status": "new"}) == id_of("a") == "a"


def test_decimals_keep_their_digits_and_what_was_not_said_is_left_out() -> None:
    assert said({"quantity": Decimal("1E+2"), "limit": "1.50"}, status=None) == {"quantity": "100", "limit": "1.50"}


def test_a_float_is_refused_with_what_to_write() -> None:
    with pytest.raises(Failed, match=r'write "0\.1" or a Decimal'):
        said({"quantity": 0.1})
