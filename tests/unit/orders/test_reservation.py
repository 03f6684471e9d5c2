"""No sequence of fills, replaces and ends takes more than was reserved."""

from hypothesis import given
from hypothesis import strategies as st

from services.contracts import money
from services.orders.domain import changes, reservation
from services.orders.domain.order import Order, Terms
from services.orders.domain.reports import apply
from tests.unit.orders.making import NOW, fill, listing, order, report

# Crypto: minor units are coarser than the value's scale, so that rounding matters.
COIN = {"symbol": "BTCUSDT", "currency": "USD", "price_scale": 2, "quantity_scale": 5}
FILLS = st.lists(
    st.tuples(st.integers(1, 400_000), st.integers(5_500_000, 6_500_000), st.sampled_from([0, 333, 1_000])), max_size=8
)


def coin(quantity: int, price: int, side: str = "buy") -> Order:
    at = listing(6_000_000, **COIN)
    return order(at, symbol="BTCUSDT", side=side, quantity=money.text(quantity, 5), limit_price=money.text(price, 2))


class Venue:
    """Charges the fee as the venue does: differences of the running total, rounded up, never above the rate."""

    def __init__(self) -> None:
        self.exact = 0
        self.charged = 0

    def fee(self, cost: int, ppm: int) -> int:
        self.exact += cost * ppm
        total = -(-self.exact // money.PPM)
        fee, self.charged = total - self.charged, total
        return fee


def filled(start: Order, quantity: int, price: int, ppm: int, venue: Venue, number: int) -> Order:
    quantity = min(quantity, start.state.quantity - start.state.filled)
    value = start.state.value + quantity * price
    cost = money.cost(value, 7, "USD") - reservation.spent(start.state)
    return apply(start, fill(quantity, price, venue.fee(cost, ppm), report_id=str(number))).order


@given(st.integers(1, 2_000_000), st.integers(5_500_000, 6_500_000), FILLS)
def test_fills_of_a_buy_never_add_up_to_more_than_was_reserved(
    quantity: int, limit: int, fills: list[tuple[int, int, int]]
) -> None:
    placed = now = coin(quantity, limit)
    venue, paid = Venue(), 0
    for number, (size, price, ppm) in enumerate(fills):
        if not now.open:
            break
        before = now
        now = filled(now, size, min(price, limit), ppm, venue, number)
        paid += reservation.spent(now.state) - reservation.spent(before.state) + now.state.fees - before.state.fees
        assert 0 <= now.state.reserved <= placed.state.reserved - paid
    assert now.open or now.state.reserved == 0
    assert paid == reservation.spent(now.state) + now.state.fees


@given(st.integers(1, 2_000_000), st.integers(5_500_000, 6_500_000), FILLS, st.sampled_from(["buy", "sell"]))
def test_what_is_released_at_the_end_is_what_was_reserved_and_not_used(
    quantity: int, limit: int, fills: list[tuple[int, int, int]], side: str
) -> None:
    placed = now = coin(quantity, limit, side)
    venue = Venue()
    moved = [0, 0]
    for number, (size, price, ppm) in enumerate(fills):
        if now.open:
            worst = min(price, limit) if side == "buy" else max(price, limit)
            before, now = now, filled(now, size, worst, ppm, venue, number)
            moved = _add(moved, before, now)
    if now.open:
        before, now = now, apply(now, report("cancelled", filled=now.state.filled)).order
        moved = _add(moved, before, now)
    assert moved[1] == -placed.state.reserved
    cost = reservation.spent(now.state) + now.state.fees
    assert moved[0] == -(now.state.filled if side == "sell" else cost)


def _add(moved: list[int], before: Order, after: Order) -> list[int]:
    """The sums of what left the reserved asset's total, and its reservation."""
    own = [m for m in reservation.movements(before.state, after.state) if m.asset == before.asset]
    return [moved[0] + sum(m.total for m in own), moved[1] + sum(m.reserved for m in own)]


@given(
    st.integers(1, 2_000_000),
    st.integers(5_500_000, 6_500_000),
    FILLS,
    st.integers(1, 2_000_000),
    st.integers(5_500_000, 6_500_000),
    st.booleans(),
)
def test_a_replace_holds_the_larger_of_both_reservations_until_it_is_answered(
    quantity: int, limit: int, fills: list[tuple[int, int, int]], new_quantity: int, new_limit: int, granted: bool
) -> None:
    placed = coin(quantity, limit)
    terms = Terms(quantity=new_quantity, limit_price=new_limit, worst_price=new_limit)
    now = asked = changes.request_replace(placed, terms, NOW)
    assert asked.state.reserved == max(placed.state.reserved, reservation.need(placed, terms))
    venue = Venue()
    for number, (size, price, ppm) in enumerate(fills):
        if now.open:
            now = filled(now, size, min(price, limit), ppm, venue, number)
            paid = reservation.spent(now.state) + now.state.fees
            assert 0 <= now.state.reserved <= asked.state.reserved - paid
    if now.open:
        answer = "replaced" if granted else "replace_rejected"
        answered = apply(now, report(answer, version=2, filled=now.state.filled)).order
        assert answered.state.reserved <= now.state.reserved
        assert answered.state.reserved <= reservation.need(answered, answered.terms)


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 10**9)), min_size=1, max_size=20))
def test_the_costs_of_fills_add_up_to_the_rounded_running_total(trades: list[tuple[int, int]]) -> None:
    now = coin(sum(quantity for quantity, _ in trades), 6_000_000)
    costs = []
    for number, (quantity, price) in enumerate(trades):
        applied = apply(now, fill(quantity, price, report_id=str(number)))
        assert applied.fill is not None
        costs.append(applied.fill.cost)
        now = applied.order
    value = sum(quantity * price for quantity, price in trades)
    assert sum(costs) == money.cost(value, 7, "USD")


def test_a_market_buy_reserves_at_the_upper_band_with_the_highest_fee() -> None:
    market = order(type="market", limit_price=None)
    assert market.state.reserved == 100 * 22_000 + 2_200


def test_a_sell_reserves_its_shares() -> None:
    assert order(side="sell").state.reserved == 100


def test_a_sell_brings_its_cost_less_the_fee() -> None:
    placed = order(side="sell")
    sold = apply(placed, fill(40, 20_000, 800)).order
    assert set(reservation.movements(placed.state, sold.state)) == {
        reservation.Movement("ann", "AAPL", -40, -40),
        reservation.Movement("ann", "USD", 800_000 - 800, 0),
    }
