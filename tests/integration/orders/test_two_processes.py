"""Two processes of orders at the same rows at the same time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from services.contracts.errors import DomainError
from services.contracts.events.portfolio import CashDeposited
from services.contracts.ids import new_id
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork
from services.orders.domain.changes import Dispatch, Edit
from services.orders.domain.checks import Limits
from services.orders.domain.order import Ticket
from services.orders.domain.reports import Report
from services.orders.handlers import changing, instruments, reporting
from services.orders.handlers.placing import Apart, Placed, place
from services.orders.store import dispatches, ledger
from services.orders.store.tables import accounts, balances, fills, history, orders
from services.runtime.clock import wall
from tests.integration.orders.desk import AAPL
from tests.integration.pair import Pair, pair_of

LIMITS = Limits(notional=10_000_000, open_orders=1_000)
COST = 20_020
"""What one share at 200.00 reserves, fee included, in cents."""
TIME = 1_723_101_000_000_000


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with pair_of(tmp_path, "orders") as opened:
        await opened[0].transact(instruments.fill, [AAPL])
        yield opened


def ticket(client_order_id: str = "", account: str = "ann", quantity: int = 1) -> Ticket:
    return Ticket(
        account_id=account,
        client_order_id=client_order_id or new_id(),
        symbol="AAPL",
        side="buy",
        type="limit",
        tif="day",
        quantity=str(quantity),
        limit_price="200.00",
    )


async def deposit(database: Database, *accounts: str, amount: int) -> None:
    events = [
        CashDeposited(deposit_id=new_id(), account_id=account, asset="USD", amount=amount, scale=2)
        for account in accounts
    ]
    await database.transact(ledger.deposit, events)


async def placed(database: Database, tickets: list[Ticket]) -> list[Placed | DomainError]:
    """As the API does: several together, or one by one when the risk ledger refuses one of them."""
    try:
        return await database.transact(place, LIMITS, tickets)
    except Apart:
        return [(await placed(database, [each]))[0] for each in tickets]
    except DomainError as refusal:
        return [refusal]


async def one_order(database: Database, quantity: int = 10) -> str:
    (outcome,) = await placed(database, [ticket(quantity=quantity)])
    assert isinstance(outcome, Placed)
    return outcome.order.order_id


async def rows(database: Database, query: object) -> list[tuple[object, ...]]:
    async with database.reading() as connection:
        return [tuple(row) for row in await connection.execute(query)]  # type: ignore[call-overload]


def fill(order_id: str, number: int, filled: int) -> Report:
    return Report(
        kind="fill",
        report_id=f"E{number}",
        order_id=order_id,
        version=1,
        time=TIME + number,
        filled=filled,
        quantity=1,
        price=20_000,
        fee=20,
    )


async def test_the_same_ticket_at_both_is_one_order(pair: Pair) -> None:
    await deposit(pair[0], "ann", amount=1_000_000)
    for number in range(10):
        same = ticket(f"c{number}")
        outcomes = await asyncio.gather(*(placed(each, [same]) for each in pair))
        orders_of = [outcome for (outcome,) in outcomes if isinstance(outcome, Placed)]
        assert len({each.order.order_id for each in orders_of}) == 1
        assert Counter(each.new for each in orders_of) == {True: 1, False: 1}
    assert await rows(pair[0], select(balances.c.reserved)) == [(10 * COST,)]


async def test_what_is_free_is_reserved_once_whoever_asks(pair: Pair) -> None:
    people = ("ann", "bob")
    await deposit(pair[0], *people, amount=10 * COST)
    batches = [[ticket(account=each) for each in order] for order in (people, people[::-1]) for _ in range(8)]
    outcomes = await asyncio.gather(*(placed(pair[n % 2], batch) for n, batch in enumerate(batches)))
    new = Counter(each.order.account_id for some in outcomes for each in some if isinstance(each, Placed))
    assert new == {"ann": 10, "bob": 10}
    assert await rows(pair[0], select(balances.c.total, balances.c.reserved)) == [(10 * COST, 10 * COST)] * 2
    assert await rows(pair[0], select(accounts.c.open_orders)) == [(10,)] * 2


async def test_one_deposit_told_to_both_is_credited_once(pair: Pair) -> None:
    event = CashDeposited(deposit_id=new_id(), account_id="ann", asset="USD", amount=500, scale=2)
    credited = await asyncio.gather(*(each.transact(ledger.deposit, [event]) for each in pair * 2))
    assert sum(map(len, credited)) == 1
    assert await rows(pair[0], select(balances.c.total)) == [(500,)]


async def test_a_cancel_and_fills_at_both_are_asked_and_booked_once(pair: Pair) -> None:
    await deposit(pair[0], "ann", amount=100 * COST)
    one, other = pair
    for turn in range(5):
        order_id = await one_order(one)
        first, second = fill(order_id, 10 * turn, 1), fill(order_id, 10 * turn + 1, 2)
        for report in (first, second):
            await asyncio.gather(
                one.transact(changing.cancel, "ann", order_id), other.transact(reporting.report, [report])
            )
            await asyncio.gather(*(each.transact(reporting.report, [report]) for each in pair))
        await asyncio.gather(*(each.transact(changing.cancel, "ann", order_id) for each in pair))
        asked = select(func.count()).where(history.c.order_id == order_id, history.c.kind == "cancel_requested")
        assert await rows(pair[0], asked) == [(1,)]
        state = select(orders.c.filled, orders.c.fees, orders.c.entries).where(orders.c.order_id == order_id)
        assert await rows(pair[1], state) == [(2, 40, 4)]
    booked = select(func.count(), func.sum(fills.c.cost)).select_from(fills)
    assert await rows(pair[0], booked) == [(10, 10 * 20_000)]
    assert await rows(pair[0], select(balances.c.total).where(balances.c.asset == "USD")) == [
        (100 * COST - 10 * 20_020,)
    ]


async def test_of_two_replaces_one_is_asked_and_the_other_is_told_so(pair: Pair) -> None:
    await deposit(pair[0], "ann", amount=1_000 * COST)
    order_id = await one_order(pair[0])
    edits = [Edit(quantity=str(quantity)) for quantity in (20, 30)]
    outcomes = await asyncio.gather(
        *(
            each.transact(changing.replace, LIMITS, "ann", order_id, edit)
            for each, edit in zip(pair, edits, strict=True)
        ),
        return_exceptions=True,
    )
    (refused,) = [each for each in outcomes if isinstance(each, DomainError)]
    assert refused.code == "request_pending"
    (asked,) = [each for each in outcomes if not isinstance(each, BaseException)]
    assert await rows(pair[0], select(balances.c.reserved)) == [(asked.reserved,)]


async def test_a_message_is_sent_or_given_up_and_never_both(pair: Pair) -> None:
    await deposit(pair[0], "ann", amount=1_000 * COST)
    for _ in range(10):
        ids = [await one_order(pair[0], 1) for _ in range(3)]
        taken, given_up = await asyncio.gather(
            pair[0].transact(dispatches.take, 500), pair[1].transact(reporting.give_up, wall() + 1)
        )
        sent = [each.order.order_id for each in taken]
        ended = [each.order.state.order_id for each in given_up.told]
        assert sorted(sent + ended) == sorted(ids)
    async with pair[0].reading() as connection:
        assert await dispatches.count(connection) == 0


async def test_each_message_is_taken_by_one(pair: Pair) -> None:
    await deposit(pair[0], "ann", amount=1_000 * COST)
    ids = [await one_order(pair[0], 1) for _ in range(20)]

    async def some(uow: UnitOfWork) -> list[Dispatch]:
        return await dispatches.take(uow, 6)

    taken = await asyncio.gather(*(each.transact(some) for each in pair * 4))
    assert sorted(each.order.order_id for part in taken for each in part) == sorted(ids)
