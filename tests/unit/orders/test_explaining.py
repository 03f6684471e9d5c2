"""Why a fill came about at its price."""

from typing import Any

import pytest

from services.contracts.orders import Fill
from services.orders.domain.explaining import Facts, explained
from tests.unit.orders import making


def told(liquidity: Any, order: dict[str, Any] | None = None, **facts: Any) -> dict[str, Any]:
    state = making.order(**(order or {})).state
    fill = Fill(
        fill_id="E1",
        order_id=state.order_id,
        account_id=state.account_id,
        symbol=state.symbol,
        currency=state.currency,
        price_scale=state.price_scale,
        quantity_scale=state.quantity_scale,
        side=state.side,
        price=20_000,
        quantity=10,
        cost=200_000,
        fee=10,
        liquidity=liquidity,
        time=making.NOW,
    )
    return explained(state, fill, Facts(exec_id="E1", trade_id=7, **facts))


def test_a_taker_that_met_the_best_price_says_so() -> None:
    fill = told("taker", level=0, counterparty="feed")
    assert (fill["level"], fill["queue_ahead"], fill["reason"]) == (0, None, "best_price")
    assert (fill["id"], fill["price"], fill["trade_id"], fill["counterparty"]) == ("E1", "200.00", 7, "feed")


@pytest.mark.parametrize(("level", "words"), [(1, "the better price was"), (3, "3 better prices were")])
def test_a_taker_that_went_deeper_says_how_many_prices_were_gone(level: int, words: str) -> None:
    fill = told("taker", level=level, counterparty="agent")
    assert (fill["level"], fill["reason"]) == (level, "deeper_level")
    assert fill["why"].startswith(words)


def test_a_maker_has_its_own_limit_and_what_stood_before_it() -> None:
    fill = told("maker", queue=300, counterparty="agent")
    assert (fill["level"], fill["queue_ahead"], fill["reason"]) == (None, "300", "own_limit")
    assert "behind 300" in fill["why"]


def test_another_traders_order_is_not_named() -> None:
    fill = told("maker", counterparty="V000000042")
    assert fill["counterparty"] == "trader"
    assert "V000000042" not in str(fill)


def test_a_stop_says_what_had_set_it_off() -> None:
    stop = {"type": "stop", "limit_price": None, "stop_price": "201.00"}
    assert told("taker", stop, counterparty="feed")["why"].startswith("the last price had reached its stop of 201.00; ")


def test_what_was_busted_or_corrected_names_its_trade() -> None:
    bust, correction = (
        told("taker", kind=kind, exec_ref="E0", counterparty="feed") for kind in ("busted", "corrected")
    )
    assert (bust["reason"], bust["why"]) == ("busted", "the broker took E0 back")
    assert (correction["reason"], correction["why"]) == (
        "corrected",
        "the broker took E0 back, and this is what it was",
    )
