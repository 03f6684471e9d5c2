"""Price and time, the feed's queue, stops, times in force, self-trades."""

import pytest

from tests.unit.sim.venue.floor import Pit


@pytest.fixture
def pit() -> Pit:
    return Pit()


def test_a_market_order_walks_the_feeds_levels_best_first(pit: Pit) -> None:
    pit.feed(asks={10_003: 30, 10_001: 10, 10_002: 20})
    pit.buy(45)
    assert pit.said() == [("new", ""), ("trade", "10@10001"), ("trade", "20@10002"), ("trade", "15@10003")]


def test_a_fill_tells_how_many_levels_were_walked(pit: Pit) -> None:
    pit.feed(asks={10_001: 10, 10_002: 20})
    pit.buy(15)
    assert [each.level for each in pit.reports() if each.kind == "trade"] == [0, 1]


def test_what_was_taken_stays_consumed_until_the_feed_updates_that_level(pit: Pit) -> None:
    pit.feed(asks={10_001: 10, 10_002: 50})
    pit.buy(10)
    pit.feed(asks={10_003: 5})
    assert pit.market.asks.best() == 10_002
    pit.feed(asks={10_001: 7})
    assert pit.market.asks.sizes[10_001] == 7


def test_a_partly_taken_level_shows_the_rest(pit: Pit) -> None:
    pit.feed(asks={10_001: 10})
    pit.buy(4)
    assert pit.market.asks.sizes == {10_001: 6}


def test_the_rest_of_a_market_order_is_cancelled_for_lack_of_liquidity(pit: Pit) -> None:
    pit.feed(asks={10_001: 10})
    pit.buy(15)
    assert pit.said()[-1] == ("cancelled", "no_liquidity")


def test_a_market_order_is_never_filled_worse_than_its_worst_price(pit: Pit) -> None:
    pit.feed(asks={10_001: 10, 10_050: 10})
    pit.buy(15, worst_price=10_010)
    assert pit.said()[1:] == [("trade", "10@10001"), ("cancelled", "no_liquidity")]


def test_users_meet_each_other_by_price_and_then_time(pit: Pit) -> None:
    pit.sell(10, 10_002, name="second", account="bob")
    pit.sell(10, 10_001, name="first", account="bob")
    pit.sell(10, 10_002, name="third", account="carol")
    pit.buy(25, 10_002, name="taker")
    makers = [(name, quantity) for name, quantity, _, liquidity in pit.fills() if liquidity == "maker"]
    assert makers == [("first", 10), ("second", 10), ("third", 5)]


def test_both_sides_of_a_trade_carry_its_number_on_the_tape(pit: Pit) -> None:
    pit.sell(10, 10_001, account="bob")
    pit.buy(10, 10_001)
    trades = [each.trade_id for each in pit.reports() if each.kind == "trade"]
    assert trades == [1, 1]


def test_a_resting_order_stands_behind_the_size_shown_when_it_came(pit: Pit) -> None:
    pit.feed(bids={9_999: 100})
    pit.buy(10, 9_999, name="mine")
    pit.market.printed(9_999, 60, buy=False)
    assert pit.fills() == []
    pit.market.printed(9_999, 45, buy=False)
    assert pit.fills() == [("mine", 5, 9_999, "maker")]


def test_the_queue_before_an_order_shrinks_with_the_level(pit: Pit) -> None:
    pit.feed(bids={9_999: 100})
    pit.buy(10, 9_999, name="mine")
    pit.feed(bids={9_999: 20})
    pit.market.printed(9_999, 25, buy=False)
    assert pit.fills() == [("mine", 5, 9_999, "maker")]


def test_a_trade_through_an_orders_price_fills_it_at_its_own_price(pit: Pit) -> None:
    pit.feed(bids={9_999: 100})
    pit.buy(10, 9_999, name="mine")
    pit.market.printed(9_990, 1, buy=False)
    assert pit.fills() == [("mine", 10, 9_999, "maker")]
    assert pit.tape() == [(10, 9_999), (1, 9_990)]


def test_a_resting_order_that_the_feed_moves_onto_trades_at_its_own_price(pit: Pit) -> None:
    pit.feed(bids={9_990: 5}, asks={10_010: 5})
    pit.buy(10, 10_000, name="mine")
    pit.feed(asks={9_995: 4})
    assert pit.fills() == [("mine", 4, 10_000, "maker")]
    assert pit.market.asks.best() == 10_010


def test_a_stale_level_of_the_feed_gives_way_to_a_crossing_one(pit: Pit) -> None:
    pit.feed(bids={10_000: 5}, asks={10_001: 5})
    pit.feed(asks={9_999: 5})
    assert (pit.market.bids.best(), pit.market.asks.best()) == (None, 9_999)


def test_an_aggressor_takes_what_the_feed_shows_before_a_user_who_came_later(pit: Pit) -> None:
    pit.feed(asks={10_001: 10})
    pit.sell(5, 10_001, account="bob", name="bob")
    pit.feed(asks={10_001: 30})
    pit.buy(12, name="taker")
    assert [fill[:2] for fill in pit.fills()] == [("taker", 10), ("bob", 2), ("taker", 2)]


def test_an_immediate_order_leaves_nothing_behind(pit: Pit) -> None:
    pit.feed(asks={10_001: 10})
    pit.buy(15, 10_001, tif="ioc")
    assert pit.said()[-1] == ("cancelled", "ioc")
    assert not pit.market.resting


def test_a_fill_or_kill_order_trades_whole_or_not_at_all(pit: Pit) -> None:
    pit.feed(asks={10_001: 10, 10_002: 5})
    pit.buy(16, 10_002, tif="fok")
    assert pit.said() == [("new", ""), ("cancelled", "fok")]
    pit.buy(15, 10_002, tif="fok")
    assert [kind for kind, _ in pit.said()] == ["new", "trade", "trade"]


def test_the_newest_order_is_cancelled_before_it_trades_with_its_own_account(pit: Pit) -> None:
    pit.sell(10, 10_001, account="bob", name="bob")
    pit.sell(10, 10_002, name="mine")
    pit.buy(30, 10_003, name="taker")
    assert pit.said()[-2:] == [("trade", "10@10001"), ("cancelled", "self_trade")]
    assert pit.market.resting["V000000002"].leaves == 10


def test_a_fill_or_kill_order_does_not_count_what_its_own_account_bars(pit: Pit) -> None:
    pit.feed(asks={10_001: 10})
    pit.sell(10, 10_001)
    pit.buy(15, 10_001, tif="fok")
    assert pit.said()[-1] == ("cancelled", "fok")


def test_a_stop_waits_for_the_last_price_and_then_trades(pit: Pit) -> None:
    pit.feed(bids={9_990: 50}, asks={10_010: 50})
    pit.market.printed(10_000, 1, buy=True)
    pit.sell(10, type="stop", stop_price=9_995)
    assert pit.said() == [("new", "")]
    pit.market.printed(9_995, 1, buy=False)
    assert pit.said() == [("trade", "10@9990")]


def test_a_stop_limit_rests_when_its_limit_is_not_met(pit: Pit) -> None:
    pit.feed(bids={9_980: 50}, asks={10_010: 50})
    pit.sell(10, 9_990, type="stop_limit", stop_price=9_995)
    pit.market.printed(9_994, 1, buy=False)
    assert pit.market.asks.best() == 9_990


def test_a_stop_that_is_reached_already_trades_at_once(pit: Pit) -> None:
    pit.feed(asks={10_010: 50})
    pit.market.printed(10_005, 1, buy=True)
    pit.buy(10, type="stop", stop_price=10_000)
    assert pit.said() == [("new", ""), ("trade", "10@10010")]


def test_one_stop_may_set_off_another(pit: Pit) -> None:
    pit.feed(bids={9_990: 10, 9_980: 10, 9_970: 50})
    pit.sell(20, type="stop", stop_price=9_995, account="bob", name="first")
    pit.sell(10, type="stop", stop_price=9_985, account="carol", name="second")
    pit.market.printed(9_995, 1, buy=False)
    assert [fill[0] for fill in pit.fills()] == ["first", "first", "second"]


def test_a_stop_never_trades_before_the_order_that_set_it_off_has_come_to_rest(pit: Pit) -> None:
    pit.feed(asks={10_001: 10})
    pit.sell(30, 10_004, type="stop_limit", stop_price=10_001, account="bob", name="stop")
    pit.market.tape.last = 10_002
    pit.buy(30, 10_005, name="mover")
    prices = [(name, quantity, price) for name, quantity, price, _ in pit.fills()]
    assert prices == [("mover", 10, 10_001), ("mover", 20, 10_005), ("stop", 20, 10_005)]


def test_fees_are_differences_of_rounded_totals(pit: Pit) -> None:
    pit.feed(asks={10_001: 1, 10_002: 1, 10_003: 1})
    pit.buy(3)
    fills = [each for each in pit.reports() if each.kind == "trade"]
    assert [fill.fee for fill in fills] == [4, 3, 3]
    assert sum(fill.cost for fill in fills) == 30_006


def test_a_maker_pays_the_makers_fee(pit: Pit) -> None:
    pit.sell(10, 10_000, account="bob")
    pit.buy(10, 10_000)
    fees = {each.liquidity: each.fee for each in pit.reports() if each.kind == "trade"}
    assert fees == {"maker": 10, "taker": 30}


def test_agents_and_users_share_one_queue(pit: Pit) -> None:
    pit.market.quote(0, 10_001, 10, buy=False)
    pit.sell(10, 10_001, name="user", account="bob")
    pit.market.quote(1, 10_001, 10, buy=False)
    assert pit.market.lift(15, buy=True) == 15
    assert pit.fills() == [("user", 5, 10_001, "maker")]
    assert [resting.leaves for _, _, resting in pit.market.standings()] == [10]


def test_when_the_feed_goes_only_users_orders_stay(pit: Pit) -> None:
    pit.feed(bids={9_999: 100})
    pit.market.quote(0, 9_998, 10, buy=True)
    pit.buy(10, 9_999)
    pit.market.withdraw_feed()
    assert pit.market.bids.sizes == {9_999: 10}
