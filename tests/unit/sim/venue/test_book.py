"""Whatever happens in a market, its book stays sound and nothing is made or lost."""

from hypothesis import given
from hypothesis import strategies as st

from sim.venue.book import Half
from tests.unit.sim.venue.floor import Pit

PRICES = st.integers(9_990, 10_010)
SIZES = st.integers(0, 50)
ACCOUNTS = st.sampled_from(["alice", "bob", "carol"])
SIDES = st.sampled_from(["buy", "sell"])
TIFS = st.sampled_from(["day", "ioc", "fok"])

ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("show"), SIDES, PRICES, SIZES),
        st.tuples(st.just("order"), SIDES, PRICES, st.integers(1, 60), ACCOUNTS, TIFS),
        st.tuples(st.just("stop"), SIDES, PRICES, st.integers(1, 60), ACCOUNTS),
        st.tuples(st.just("market"), SIDES, st.integers(1, 80), ACCOUNTS),
        st.tuples(st.just("print"), SIDES, PRICES, st.integers(1, 60)),
        st.tuples(st.just("cancel"), st.integers(1, 30)),
        st.tuples(st.just("reduce"), st.integers(1, 30), st.integers(1, 60)),
    ),
    max_size=40,
)


def play(pit: Pit, action: tuple[object, ...]) -> None:
    match action:
        case ("show", side, price, size):
            pit.feed(**{"bids" if side == "buy" else "asks": {price: size}})  # type: ignore[arg-type]
        case ("order", side, price, quantity, account, tif):
            pit.order(side, quantity, price, account=account, tif=tif)  # type: ignore[arg-type]
        case ("stop", side, price, quantity, account):
            pit.order(side, quantity, stop_price=price, type="stop", account=account)  # type: ignore[arg-type]
        case ("market", side, quantity, account):
            pit.order(side, quantity, account=account)  # type: ignore[arg-type]
        case ("print", side, price, quantity):
            pit.market.printed(price, quantity, buy=side == "buy")  # type: ignore[arg-type]
        case ("cancel", number):
            pit.cancel(f"c{number}", f"x{number}")
        case ("reduce", number, quantity):
            pit.replace(f"c{number}", f"r{number}", quantity=quantity)


def sound(half: Half) -> None:
    assert half.keys == sorted(price * half.sign for price in half.sizes)
    assert all(size > 0 for size in half.sizes.values())
    for price, level in half.levels.items():
        assert 0 <= level.consumed <= level.shown
        assert level.visible == half.sizes.get(price, 0)
        aheads = [resting.ahead for resting in level.queue]
        assert aheads == sorted(aheads)
        assert all(0 <= ahead <= level.external for ahead in aheads)
        assert all(resting.leaves > 0 for resting in level.queue)


@given(ACTIONS)
def test_the_book_is_sound_and_never_crossed(actions: list[tuple[object, ...]]) -> None:
    pit = Pit()
    for action in actions:
        play(pit, action)
        market = pit.market
        sound(market.bids)
        sound(market.asks)
        bid, ask = market.bids.best(), market.asks.best()
        assert bid is None or ask is None or bid < ask


@given(ACTIONS)
def test_each_orders_fills_add_up_to_its_totals(actions: list[tuple[object, ...]]) -> None:
    pit = Pit()
    for action in actions:
        play(pit, action)
    filled: dict[str, int] = {}
    for report in pit.reports():
        filled[report.order_id] = filled.get(report.order_id, 0) + report.last_quantity
        if report.order_id:
            assert report.filled == filled[report.order_id] <= report.quantity
            assert report.leaves in {0, report.quantity - report.filled}
    for order in pit.desk.names.values():
        assert order.filled == filled[order.order_id]
        assert order.open == (order.order_id in pit.market.resting or order in pit.market.stops)


@given(ACTIONS)
def test_no_fill_is_worse_than_the_orders_limit(actions: list[tuple[object, ...]]) -> None:
    pit = Pit()
    for action in actions:
        play(pit, action)
    for report in pit.reports():
        if report.kind == "trade" and report.limit_price is not None:
            better = report.limit_price - report.last_price
            assert better >= 0 if report.side == "buy" else better <= 0


@given(ACTIONS)
def test_two_users_of_one_trade_agree_on_it(actions: list[tuple[object, ...]]) -> None:
    pit = Pit()
    for action in actions:
        play(pit, action)
    trades: dict[int, list[tuple[str, int, int]]] = {}
    for report in pit.reports():
        if report.counterparty.startswith("V"):
            terms = report.side, report.last_quantity, report.last_price
            trades.setdefault(report.trade_id, []).append(terms)
    for one, other in trades.values():
        assert {one[0], other[0]} == {"buy", "sell"}
        assert one[1:] == other[1:]
