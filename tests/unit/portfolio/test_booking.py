"""A batch booked at once is the same as its events one by one, whatever is told twice."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.contracts.events.orders import CashCredited, CashReserved, OrderFilled, TradeBusted, TradeCorrected
from services.contracts.orders import Fill
from services.portfolio.domain.booking import Answered, Booking, Deposit, Holding, Reservation, Withdrawal, closing
from services.portfolio.domain.ledger import Movement, legs
from services.portfolio.domain.position import Lot, Position, signed_quantity
from tests.unit.portfolio.making import fill, fills, order_of

HOLDING = ("account", "AAPL")
SHARES = Deposit("d1", "account", "AAPL", "USD", 0, 50, 9_000, cash=False)
CASH = Deposit("d2", "account", "USD", "USD", 2, 700, 0, cash=True)

WITHDRAWAL = Withdrawal("w1", "account", "USD", 2, 700)
RESERVED = CashReserved(withdrawal_id="w1", account_id="account", asset="USD", amount=700)


def event_of(one: Fill, reserved: int = 0) -> OrderFilled:
    return OrderFilled(order=order_of(one, reserved), fill=one)


def credited(deposit: Deposit) -> CashCredited:
    return CashCredited(
        deposit_id=deposit.deposit_id,
        account_id=deposit.account_id,
        asset=deposit.asset,
        amount=deposit.amount,
        scale=deposit.scale,
    )


class Tables:
    """What the store keeps between batches, and reads of it: lots only where the batch may use them up."""

    def __init__(self) -> None:
        self.positions: dict[Holding, Position] = {}
        self.lots: dict[str, Lot] = {}
        self.movements: list[Movement] = []
        self.cash: dict[tuple[str, str], int] = {}
        self.booked: set[str] = set()

    def open(self, batch: list[Fill]) -> Booking:
        used = closing(self.positions, [(HOLDING, signed_quantity(one)) for one in batch])
        held = {HOLDING: self.oldest(used[HOLDING])} if used else {}
        booked = {one.fill_id for one in batch} & self.booked
        return Booking(positions=dict(self.positions), lots=held, deposits={}, booked=booked)

    def oldest(self, quantity: int) -> deque[Lot]:
        found = deque[Lot]()
        for lot in sorted(self.lots.values(), key=lambda lot: lot.opened):
            if quantity <= 0:
                break
            found.append(lot)
            quantity -= abs(lot.quantity)
        return found

    def save(self, booking: Booking) -> None:
        self.positions |= {holding: booking.positions[holding] for holding in booking.touched}
        for _, lot in booking.changed_lots.values():
            self.lots[lot.lot_id] = lot
            if not lot.quantity:
                del self.lots[lot.lot_id]
        self.movements += booking.movements
        for key, change in booking.cash.items():
            self.cash[key] = self.cash.get(key, 0) + change
        self.booked |= {trade.fill.fill_id for trade in booking.trades}

    def book(self, batch: list[Fill]) -> None:
        booking = self.open(batch)
        for one in batch:
            booking.trade(event_of(one))
        self.save(booking)


@given(fills, st.lists(st.integers(1, 5), max_size=30), st.integers(0, 29))
def test_batches_of_any_size_and_events_told_twice_give_the_same_books(
    trades: list[Fill], sizes: list[int], again: int
) -> None:
    one_by_one, batched = Tables(), Tables()
    for one in trades:
        one_by_one.book([one])
    left = [*trades, *trades[again : again + 3]]
    for size in (*sizes, len(left) + 1):
        batched.book(left[:size])
        left = left[size:]
    assert batched.positions == one_by_one.positions
    assert batched.lots == one_by_one.lots
    assert batched.movements == one_by_one.movements
    assert batched.cash == one_by_one.cash
    assert all(amount == 0 for amount in totals(batched.movements).values())


def totals(movements: list[Movement]) -> dict[str, int]:
    """Over all books, by asset."""
    sums: dict[str, int] = {}
    for (_, asset), amount in legs(movements).items():
        sums[asset] = sums.get(asset, 0) + amount
    return sums


def booking_of(*deposits: Deposit) -> Booking:
    return Booking(positions={}, lots={}, deposits={each.deposit_id: each for each in deposits})


def test_cash_is_credited_once() -> None:
    booking = booking_of(CASH)
    booking.credit(credited(CASH), 1)
    booking.credit(credited(CASH), 1)
    assert (booking.cash, booking.credited, len(booking.movements)) == ({("account", "USD"): 700}, ["d2"], 1)


def test_a_deposit_that_is_not_known_changes_nothing() -> None:
    booking = booking_of()
    booking.credit(credited(CASH), 1)
    assert (booking.cash, booking.movements, booking.credited) == ({}, [], [])


def asking() -> Booking:
    return Booking(positions={}, lots={}, deposits={}, withdrawals={"w1": WITHDRAWAL})


def test_a_withdrawal_is_booked_once() -> None:
    booking = asking()
    booking.withdraw(RESERVED, 7)
    booking.withdraw(RESERVED, 8)
    booking.decline("w1", "insufficient_cash")
    assert booking.cash == {("account", "USD"): -700}
    assert booking.answered == [Answered(WITHDRAWAL)]
    (movement,) = booking.movements
    assert (movement.cause, movement.debit, movement.credit, movement.time) == ("withdrawal:w1", "outside", "cash", 7)
    assert set(totals(booking.movements).values()) == {0}


def test_what_was_declined_is_not_booked_after_all() -> None:
    booking = asking()
    booking.decline("w1", "insufficient_cash")
    booking.withdraw(RESERVED, 7)
    assert (booking.cash, booking.movements) == ({}, [])
    assert booking.answered == [Answered(WITHDRAWAL, "insufficient_cash")]


def test_a_withdrawal_that_is_not_known_changes_nothing() -> None:
    booking = booking_of()
    booking.withdraw(RESERVED, 7)
    booking.decline("w1", "insufficient_cash")
    assert (booking.cash, booking.movements, booking.answered) == ({}, [], [])


def test_shares_are_a_lot_at_the_cost_that_they_count_for() -> None:
    booking = booking_of(SHARES)
    booking.credit(credited(SHARES), 7)
    assert booking.positions[HOLDING] == Position("account", "AAPL", "USD", 0, quantity=50, cost=9_000)
    assert booking.changed_lots == {"d1": (HOLDING, Lot("d1", 7, 50, 9_000))}
    assert not booking.cash


def test_shares_close_what_was_sold_short() -> None:
    booking = booking_of(SHARES)
    booking.trade(event_of(fill("sell", 20, 4_000, 0)))
    booking.credit(credited(SHARES), 7)
    position = booking.positions[HOLDING]
    assert (position.quantity, position.realised, position.realised_fifo) == (30, 400, 400)
    assert list(booking.lots[HOLDING]) == [Lot("d1", 7, 30, 5_400)]


def test_an_order_keeps_what_its_last_event_says() -> None:
    booking = booking_of()
    one = fill("sell", 20, 4_000, 0)
    booking.follow(order_of(one, reserved=20))
    booking.trade(event_of(one, reserved=5))
    assert booking.reservations == {"order-1": Reservation("order-1", "account", "AAPL", 5)}


def test_only_lots_that_a_batch_may_use_up_are_read() -> None:
    long = Position("account", "AAPL", "USD", 0, quantity=5, cost=100)
    short = Position("account", "MSFT", "USD", 0, quantity=-5, cost=-100)
    other, none = ("account", "MSFT"), ("account", "IBM")
    held = {HOLDING: long, other: short}
    assert closing(held, [(HOLDING, 1), (other, -1), (none, 1), (none, -1)]) == {}
    assert closing(held, [(HOLDING, -1), (HOLDING, 7), (HOLDING, -2)]) == {HOLDING: 3}
    assert closing(held, [(other, 1)]) == {other: 1}


def taken_back(one: Fill, residue: int = 0) -> Fill:
    """What takes a fill back; rounding may leave a unit of its cost."""
    facts = {"quantity": -one.quantity, "cost": residue - one.cost, "fee": -one.fee}
    return replace(one, fill_id=f"{one.fill_id}-back", reverses=one.fill_id, **facts)


def booked(trades: list[Fill]) -> Booking:
    booking = booking_of()
    for one in trades:
        booking.trade(event_of(one))
    return booking


@given(fills)
def test_a_trade_that_is_busted_at_once_leaves_position_and_cash_as_they_were(trades: list[Fill]) -> None:
    before, booking, last = booked(trades), booked(trades), fill("buy", 7, 4_321, 5, number=99)
    booking.trade(event_of(last))
    booking.bust(TradeBusted(order=order_of(last), fill=taken_back(last)))
    was, now = before.positions.get(HOLDING, Position(*HOLDING, "USD", 0)), booking.positions[HOLDING]
    assert (now.quantity, now.cost, now.realised) == (was.quantity, was.cost, was.realised)
    assert {key: amount for key, amount in booking.cash.items() if amount} == {
        key: amount for key, amount in before.cash.items() if amount
    }
    assert legs(booking.movements[len(before.movements) :]) == dict.fromkeys(legs(booking.movements[-6:]), 0)
    assert all(line.amount > 0 for line in booking.movements)


@given(fills, st.lists(st.integers(0, 29), unique=True, max_size=5), st.integers(-1, 1))
def test_whatever_is_busted_position_lots_and_cash_agree(trades: list[Fill], busted: list[int], residue: int) -> None:
    booking = booked(trades)
    for one in [trades[place] for place in busted if place < len(trades)]:
        booking.bust(TradeBusted(order=order_of(one), fill=taken_back(one, residue)))
    position = booking.positions.get(HOLDING, Position(*HOLDING, "USD", 0))
    lots, cash = booking.lots.get(HOLDING, deque()), booking.cash.get(("account", "USD"), 0)
    assert position.quantity == sum(signed_quantity(trade.fill) for trade in booking.trades)
    assert position.cost == position.realised - cash
    assert position.realised == sum(trade.realised for trade in booking.trades)
    assert position.quantity == sum(lot.quantity for lot in lots)
    assert position.realised_fifo == sum(lot.cost for lot in lots) + cash
    assert position.quantity or not position.cost


def test_a_busted_purchase_takes_its_own_lot_and_not_the_oldest() -> None:
    booking = booked([fill("buy", 10, 1_000, 0, number=1), fill("buy", 5, 900, 0, number=2)])
    booking.bust(TradeBusted(order=order_of(fill("buy", 5, 900, 0)), fill=taken_back(fill("buy", 5, 900, 0, number=2))))
    assert [(lot.lot_id, lot.quantity, lot.cost) for lot in booking.lots[HOLDING]] == [("E-1", 10, 1_000)]
    assert (booking.positions[HOLDING].realised, booking.positions[HOLDING].realised_fifo) == (0, 0)


def test_a_lot_that_lies_in_the_table_is_taken_from_there() -> None:
    position = Position(*HOLDING, "USD", 0, 15, 1_900)
    lots = {HOLDING: deque([Lot("E-1", 1, 10, 1_000)])}
    booking = Booking({HOLDING: position}, lots, {}, realised={"E-2": 0}, own_lots={"E-2": Lot("E-2", 2, 5, 900)})
    bought = fill("buy", 5, 900, 0, number=2)
    booking.bust(TradeBusted(order=order_of(bought), fill=taken_back(bought)))
    assert booking.changed_lots["E-2"][1].quantity == 0
    assert "E-1" not in booking.changed_lots
    assert (booking.positions[HOLDING].quantity, booking.positions[HOLDING].cost) == (10, 1_000)


def test_a_correction_told_twice_is_booked_once() -> None:
    bought = fill("buy", 10, 1_000, 1)
    booking = booked([bought])
    event = TradeCorrected(
        order=order_of(bought), taken_back=taken_back(bought), fill=replace(bought, fill_id="E-9", cost=990)
    )
    booking.correct(event)
    booking.correct(event)
    assert (booking.positions[HOLDING].quantity, booking.positions[HOLDING].cost) == (10, 991)
    assert booking.cash == {("account", "USD"): -991}
    assert [trade.fill.fill_id for trade in booking.trades] == ["E-1", "E-1-back", "E-9"]
