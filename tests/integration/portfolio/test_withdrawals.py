"""Withdrawals as their owner asks for them and sees them, with orders' answers told by the test."""

import httpx
import pytest

from services.contracts.events.orders import CashRefused, CashReleased, CashReserved
from services.contracts.events.portfolio import WithdrawalDeclined, WithdrawalRequested, WithdrawalSettled
from services.runtime.resources import Running
from tests.integration.neighbours import Neighbourhood, settled
from tests.integration.people import client, figures_of, state_of
from tests.integration.portfolio.test_pages import credited, deposit

KEY = {"Idempotency-Key": "first"}
OTHER = {"Idempotency-Key": "second"}


def wanted(amount: str = "300.00", asset: str = "USD") -> dict[str, str]:
    return {"asset": asset, "amount": amount}


@pytest.fixture(autouse=True)
async def money(around: Neighbourhood, running: Running, ann: httpx.AsyncClient) -> None:
    """A thousand dollars, and as many roubles."""
    for asset in ("USD", "RUB"):
        made = await ann.post("/portfolio/deposits", json=deposit(asset=asset), headers={"Idempotency-Key": asset})
        await credited(around, running, made.json()["id"])


async def asked(ann: httpx.AsyncClient, amount: str = "300.00", key: dict[str, str] = KEY) -> str:
    answer = await ann.post("/portfolio/withdrawals", json=wanted(amount), headers=key)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def reserved(withdrawal_id: str, amount: int = 30_000) -> CashReserved:
    return CashReserved(withdrawal_id=withdrawal_id, account_id="ann", asset="USD", amount=amount)


def released(withdrawal_id: str, amount: int = 30_000) -> CashReleased:
    return CashReleased(withdrawal_id=withdrawal_id, account_id="ann", asset="USD", amount=amount)


def refused(withdrawal_id: str, amount: int = 30_000) -> CashRefused:
    facts = {"account_id": "ann", "asset": "USD", "amount": amount, "reason": "insufficient_cash"}
    return CashRefused(withdrawal_id=withdrawal_id, **facts)  # type: ignore[arg-type]


async def dollars(ann: httpx.AsyncClient) -> dict[str, str]:
    cash = (await ann.get("/portfolio")).json()["cash"]
    (found,) = [row for row in cash if row["currency"] == "USD"]
    return {name: found[name] for name in ("total", "reserved", "free")}


async def test_a_withdrawal_is_requested_then_settled(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    queue = await around.stack.broker.listen([WithdrawalRequested, WithdrawalSettled])
    made = (await ann.post("/portfolio/withdrawals", json=wanted(), headers=KEY)).json()
    assert made["requested_at"].endswith("Z")
    shown = {"asset": "USD", "amount": "300.00", "status": "requested", "reason": None}
    assert {name: made[name] for name in shown} == shown
    (envelope,) = await queue.take(10) or ()
    assert isinstance(envelope.event, WithdrawalRequested)
    assert (envelope.event.amount, envelope.event.scale, envelope.key) == (30_000, 2, made["id"])
    assert await dollars(ann) == {"total": "1000.00", "reserved": "300.00", "free": "700.00"}
    (answer,) = await around.publish(reserved(made["id"]))
    await settled(running)
    (envelope,) = await queue.take(10) or ()
    assert isinstance(envelope.event, WithdrawalSettled)
    counted = await figures_of(running)
    assert counted['portfolio_transfers_total{direction="deposit",outcome="booked"}'] == 2
    assert counted['portfolio_transfers_total{direction="withdrawal",outcome="booked"}'] == 1
    assert (envelope.causation, envelope.seq) == (answer.id, 2)
    assert await dollars(ann) == {"total": "700.00", "reserved": "0.00", "free": "700.00"}
    assert (await ann.get(f"/portfolio/withdrawals/{made['id']}")).json() == made | {"status": "settled"}
    (movement, *_) = (await ann.get("/portfolio/ledger")).json()["items"]
    line = ("withdrawal", "outside", "cash", "300.00", f"withdrawal:{made['id']}")
    assert tuple(movement[name] for name in ("kind", "debit", "credit", "amount", "cause")) == line


async def test_one_that_is_not_free_is_declined_with_its_reason(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    queue = await around.stack.broker.listen([WithdrawalDeclined])
    made = await asked(ann)
    await around.publish(refused(made))
    await settled(running)
    (envelope,) = await queue.take(10) or ()
    assert isinstance(envelope.event, WithdrawalDeclined)
    assert envelope.event.reason == "insufficient_cash"
    found = (await ann.get(f"/portfolio/withdrawals/{made}")).json()
    assert (found["status"], found["reason"]) == ("declined", "insufficient_cash")
    assert await dollars(ann) == {"total": "1000.00", "reserved": "0.00", "free": "1000.00"}


async def test_answers_that_come_again_or_early_are_booked_once_and_in_their_order(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    made = await asked(ann)
    first, last = around.envelope(reserved(made)), around.envelope(released(made))
    for envelope in (last, first, last, first):
        await around.deliver([envelope])
    await around.publish(reserved(made), refused(made))  # as a ledger that has forgotten what it told
    await settled(running)
    assert await dollars(ann) == {"total": "700.00", "reserved": "0.00", "free": "700.00"}
    tables = await state_of(running)
    assert [(row["status"], row["released"]) for row in tables["withdrawals"]] == [("settled", 1)]
    assert [row["kind"] for row in tables["ledger"]].count("withdrawal") == 1


async def test_the_same_key_makes_one_withdrawal_and_none_out_of_a_deposit(
    running: Running, ann: httpx.AsyncClient
) -> None:
    first = await ann.post("/portfolio/withdrawals", json=wanted(), headers=KEY)
    again = await ann.post("/portfolio/withdrawals", json=wanted(), headers=KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    other = await ann.post("/portfolio/withdrawals", json=wanted("5"), headers=KEY)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    used = await ann.post("/portfolio/withdrawals", json=deposit(), headers={"Idempotency-Key": "USD"})
    assert (used.status_code, used.json()["code"]) == (409, "idempotency_conflict")
    assert len((await state_of(running))["withdrawals"]) == 1


REFUSED: list[tuple[object, int, str, str | None]] = [
    (wanted("0"), 422, "invalid_amount", "amount"),
    (wanted("-5"), 422, "invalid_amount", "amount"),
    (wanted("1.001"), 422, "invalid_amount", "amount"),
    (wanted("1e3"), 422, "invalid_amount", "amount"),
    (wanted("1000.01"), 422, "insufficient_cash", "amount"),
    (wanted("9" * 18), 422, "insufficient_cash", "amount"),
    (wanted("0.000001", "USDT"), 422, "insufficient_cash", "amount"),
    (wanted("9" * 41), 422, "invalid", "amount"),
    (wanted("5", "EUR"), 422, "unknown_asset", "asset"),
    (wanted("5", "AAPL"), 422, "unknown_asset", "asset"),
    (wanted("5", "usd"), 422, "invalid", "asset"),
    ({"asset": "USD"}, 422, "invalid", "amount"),
    ({"asset": "USD", "amount": 5}, 422, "invalid", "amount"),
    (wanted() | {"extra": "1"}, 422, "invalid", "extra"),
    ([], 422, "invalid", "body"),
]


async def test_a_withdrawal_that_cannot_be_is_refused_with_its_field(running: Running, ann: httpx.AsyncClient) -> None:
    for body, status, code, field in REFUSED:
        answer = await ann.post("/portfolio/withdrawals", json=body, headers=KEY)
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["field"]) == (status, code, field), body
    without = await ann.post("/portfolio/withdrawals", json=wanted())
    assert (without.status_code, without.json()["field"]) == (422, "idempotency-key")
    assert (await state_of(running)).get("withdrawals", []) == []


async def test_withdrawals_are_listed_newest_first_to_their_owner_alone(
    running: Running, ann: httpx.AsyncClient
) -> None:
    made = [await asked(ann, f"{number}.00", {"Idempotency-Key": f"w{number}"}) for number in range(1, 6)]
    seen: list[str] = []
    query = "?limit=2"
    while query:
        page = (await ann.get(f"/portfolio/withdrawals{query}")).json()
        seen += [each["id"] for each in page["items"]]
        query = f"?limit=2&cursor={page['next']}" if page["next"] else ""
    assert sorted(seen, reverse=True) == seen
    assert set(seen) == set(made)
    answer = await ann.get("/portfolio/withdrawals?cursor=nonsense")
    assert (answer.status_code, answer.json()["code"]) == (404, "bad_cursor")
    async with client(running, "bob") as bob:
        found = await bob.get(f"/portfolio/withdrawals/{made[0]}")
        assert (found.status_code, found.json()["code"]) == (404, "not_found")
        assert (await bob.get("/portfolio/withdrawals")).json() == {"items": [], "next": None}
    async with client(running, None) as stranger:
        assert (await stranger.get("/portfolio/withdrawals")).status_code == 401
