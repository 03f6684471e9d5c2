from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.events.recommendations import SignalRaised
from services.recommendations.domain.advice import Advice, Holdings, advised
from services.recommendations.domain.counsel import counsel
from services.recommendations.domain.strategies import Name, Side


def signal(strategy: Name, side: Side, strength: int, symbol: str = "AAPL", start: int = 1) -> SignalRaised:
    return SignalRaised(
        signal_id=f"{symbol}-{strategy}-{start}",
        symbol=symbol,
        strategy=strategy,
        side=side,
        strength=strength,
        horizon="1h",
        reason={"en": f"{strategy} says so.", "ru": f"{strategy} так считает."},
        numbers={},
        record={},
        bar_start=start,
    )


def holdings(cash: str = "0", free: str | None = None, **values: str | None) -> Holdings:
    """US dollars, and positions by their market value; as the portfolio's page has them."""
    page = {
        "cash": [{"currency": "USD", "total": cash, "reserved": "0", "free": cash if free is None else free}],
        "positions": [
            {"symbol": symbol, "currency": "USD", "quantity": "0" if value == "0" else "5", "market_value": value}
            for symbol, value in values.items()
        ],
    }
    return msgspec.convert(page, Holdings)


def kinds(found: list[Advice]) -> list[tuple[str, str | None]]:
    return [(each.kind, each.symbol or each.currency) for each in found]


def test_signals_count_on_what_is_held_alone() -> None:
    found = advised(
        holdings(AAPL="10", IBM="0"), (), [signal("rsi", "buy", 9, each) for each in ("AAPL", "IBM", "META")]
    )
    assert kinds(found) == [("concentration", "AAPL"), ("signals", "AAPL")]


def test_what_is_watched_counts_too_and_what_is_both_is_held() -> None:
    signals = [signal("rsi", "buy", 9, each) for each in ("AAPL", "IBM", "META")]
    found = [each for each in advised(holdings("90", AAPL="10"), ["IBM", "AAPL"], signals) if each.kind == "signals"]
    assert [(each.symbol, each.because) for each in found] == [("AAPL", "held"), ("IBM", "watched")]
    assert [counsel(each)["en"][:14] for each in found] == ["You hold AAPL:", "You watch IBM:"]
    assert counsel(found[1])["ru"].startswith("Вы следите за IBM: ")


def test_each_strategy_counts_by_its_latest_signal_and_the_stronger_side_wins() -> None:
    signals = [signal("rsi", "buy", 90, start=1), signal("rsi", "sell", 20, start=2), signal("macd", "buy", 15)]
    [found] = [each for each in advised(holdings("90", AAPL="10"), (), signals) if each.kind == "signals"]
    assert (found.side, found.weight) == ("sell", 20)
    assert [each.strategy for each in found.signals] == ["rsi", "macd"]
    assert "1 of the 2 strategies with a signal say sell. rsi says so." in counsel(found)["en"]
    assert "продавать, — 1 из 2" in counsel(found)["ru"]


def test_signals_that_cancel_out_say_nothing() -> None:
    signals = [signal("rsi", "buy", 20), signal("macd", "sell", 20)]
    assert not [each for each in advised(holdings(AAPL="10"), (), signals) if each.kind == "signals"]


def test_a_position_is_too_much_above_two_fifths_and_money_idle_above_half() -> None:
    assert kinds(advised(holdings("50", AAPL="40", IBM="10"), (), [])) == []
    assert kinds(advised(holdings("50.10", AAPL="39.90", IBM="10"), (), [])) == [("idle_cash", "USD")]
    assert kinds(advised(holdings("49", AAPL="40.10", IBM="10.90"), (), [])) == [("concentration", "AAPL")]


def test_it_is_told_with_its_numbers_in_both_languages() -> None:
    concentrated, idle = advised(holdings("20", AAPL="80"), (), []) + advised(
        holdings("80", free="70", AAPL="20"), (), []
    )
    assert counsel(concentrated)["en"] == "AAPL is 80.0 % of what you have in USD: 80 of 100."
    assert counsel(concentrated)["ru"] == "AAPL — это 80.0 % всего, что у вас есть в USD: 80 из 100."
    assert counsel(idle)["en"] == "70.0 % of what you have in USD lies idle: 70 of 100."
    assert counsel(idle)["ru"] == "70.0 % всего, что у вас есть в USD, лежит без дела: 70 из 100."
    assert (concentrated.weight, idle.weight) == (80, 70)


def test_where_a_price_is_missing_nothing_is_said_of_shares() -> None:
    assert advised(holdings("100", AAPL=None), (), []) == []
    assert advised(holdings("0"), (), []) == []


@given(st.lists(st.decimals(0, 10**9, places=2), min_size=2, max_size=5))
def test_shares_are_of_the_whole_whatever_it_is_made_of(values: list[Decimal]) -> None:
    cash, *positions = values
    found = advised(holdings(str(cash), **{f"S{place}": str(value) for place, value in enumerate(positions)}), (), [])
    whole = sum(values)
    concentrated = {each.symbol for each in found if each.kind == "concentration"}
    clearly = {f"S{place}" for place, value in enumerate(positions) if whole and value / whole > Decimal("0.401")}
    never = {f"S{place}" for place, value in enumerate(positions) if not whole or value / whole <= Decimal("0.4")}
    assert clearly <= concentrated
    assert not concentrated & never
    assert [each.weight for each in found] == sorted((each.weight for each in found), reverse=True)


@pytest.mark.parametrize("value", ["-50", "-200"])
def test_a_short_position_is_no_concentration(value: str) -> None:
    assert not [each for each in advised(holdings("100", AAPL=value), (), []) if each.kind == "concentration"]
