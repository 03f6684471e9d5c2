"""Every kind has its words in both languages, and a fact stays a fact."""

from string import Formatter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.contracts.orders import Fill, OrderState
from services.notifications.domain.messages import order_message, plain_message
from services.notifications.domain.templates import KINDS, REASONS, SIDES, Language

LANGUAGES: tuple[Language, ...] = get_args(Language)
ORDER = OrderState(
    order_id="order",
    account_id="ann",
    client_order_id="mine",
    symbol="BTCUSDT",
    currency="USDT",
    price_scale=2,
    quantity_scale=5,
    side="sell",
    type="limit",
    tif="day",
    quantity=50_000,
    status="cancelled",
    filled=20_000,
    value=20_000 * 6_000_050,
    fees=1_500_000,
    reason="requested",
)
FILL = Fill(
    fill_id="E-1",
    order_id="order",
    account_id="ann",
    symbol="BTCUSDT",
    currency="USDT",
    price_scale=2,
    quantity_scale=5,
    side="sell",
    price=6_000_050,
    quantity=20_000,
    cost=12_000_100_000,
    fee=1_500_000,
    liquidity="taker",
    time=0,
)


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_both_languages_with_the_same_facts(kind: str) -> None:
    assert set(KINDS[kind]) == set(LANGUAGES)
    english, russian = KINDS[kind]["en"], KINDS[kind]["ru"]
    assert fields(english.title + english.text) == fields(russian.title + russian.text)


def test_reasons_and_sides_have_both_languages() -> None:
    assert set(SIDES) == set(REASONS) == set(LANGUAGES)
    assert REASONS["en"].keys() == REASONS["ru"].keys()


def test_an_order_is_told_with_its_numbers() -> None:
    english = order_message("order_cancelled", "en", ORDER)
    assert (english.user_id, english.title) == ("ann", "Sell BTCUSDT: cancelled")
    assert english.text == "Sell 0.50000 BTCUSDT is cancelled; filled: 0.20000. Reason: you asked for it."
    russian = order_message("order_cancelled", "ru", ORDER)
    assert russian.text == "Продажа 0.50000 BTCUSDT отменена; исполнено: 0.20000. Причина: по вашей просьбе."
    filled = order_message("order_filled", "en", ORDER)
    assert filled.text == "Sell 0.50000 BTCUSDT is filled at 60000.5000 USDT on average. Fees: 1.500000 USDT."


def test_a_trade_that_was_taken_back_is_told_with_what_it_was() -> None:
    back = replace(
        FILL,
        quantity=-FILL.quantity,
        cost=-FILL.cost,
        fee=-FILL.fee,
        reverses=FILL.fill_id,
        traded=1_723_101_123_456_789,
    )
    busted = order_message("trade_busted", "en", replace(ORDER, reason="trade_busted"), back)
    assert busted.text == (
        "The broker has taken a trade of 2024-08-08 07:12:03 UTC back: Sell 0.20000 BTCUSDT at 60000.50 USDT never "
        "was. Its cost and its fee are booked back; filled: 0.20000 of 0.50000."
    )
    corrected = order_message("trade_corrected", "ru", ORDER, back, replace(FILL, price=6_000_100))
    assert corrected.text == (
        "Брокер исправил сделку от 2024-08-08 07:12:03 UTC: Продажа BTCUSDT, не 0.20000 по цене 60000.50 USDT, а "
        "0.20000 по цене 60001.00 USDT. Исполнено: 0.20000 из 0.50000."
    )


def test_a_trade_whose_time_an_older_event_does_not_say_is_told_without_it() -> None:
    back = replace(FILL, quantity=-FILL.quantity, reverses=FILL.fill_id)
    assert "a trade of - back" in order_message("trade_busted", "en", ORDER, back).text


def test_a_reason_without_words_is_shown_as_its_code() -> None:
    message = order_message("order_rejected", "ru", replace(ORDER, reason="price_band"))
    assert message.text.endswith("Причина: price band.")
    assert order_message("order_rejected", "en", replace(ORDER, reason=None)).text.endswith("Reason: -.")


@given(st.text(max_size=80))
def test_a_fact_never_begins_a_line_nor_is_it_a_template(name: str) -> None:
    message = plain_message("ann", "verification", "en", {"display_name": name, "code": "1"}, in_app=False)
    first, second = message.text.split("\n")
    assert first == f"Welcome, {' '.join(name.split())}!"
    assert second == "Your code is 1."
    assert len(message.text.splitlines()) == 2
