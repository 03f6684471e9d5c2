"""A withdrawal in both ledgers: agreed, on its way, or lost."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tradectl.audit import report
from tradectl.audit.booking import withdrawals_are_the_risk_ledgers
from tradectl.audit.lost import Lost
from tradectl.audit.report import Report, audit
from tradectl.audit.snapshot import Snapshot

PAID = 300
STATES: dict[str, tuple[dict[str, Any], str | None]] = {
    "requested": ({"status": "requested"}, None),
    "reserved": ({"status": "requested"}, "reserved"),
    "settled": ({"status": "settled"}, "reserved"),
    "released": ({"status": "settled"}, "released"),
    "done": ({"status": "settled", "released": 1}, "released"),
    "refused": ({"status": "requested"}, "refused"),
    "declined": ({"status": "declined", "reason": "insufficient_cash"}, "refused"),
}
"""How far a withdrawal is: in the portfolio, and in the risk ledger."""


def platform(portfolio: dict[str, Any], orders: str | None, sent: int = 1, heard: int = 1) -> Snapshot:
    """Ann had a thousand; ``sent`` and ``heard`` are the events of each ledger, and those that the other has seen."""
    common = {"withdrawal_id": "w1", "account_id": "u1", "asset": "USD", "amount": PAID}
    booked, released = portfolio["status"] == "settled", orders == "released"
    deposit = {"deposit_id": "d1", "account_id": "u1", "asset": "USD", "amount": 1_000}
    line = {"account_id": "u1", "asset": "USD", "time": 1}
    ledger = [line | {"cause": "deposit:d1", "kind": "deposit", "debit": "cash", "credit": "outside", "amount": 1_000}]
    if booked:
        paid = {"cause": "withdrawal:w1", "kind": "withdrawal", "debit": "outside", "credit": "cash", "amount": PAID}
        ledger.append(line | paid)
    tables: dict[str, dict[str, list[dict[str, Any]]]] = {
        "auth": {"users": [{"id": "u1", "roles": "admin", "blocked": False, "verified": 1, "created": 1}]},
        "portfolio": {
            "withdrawals": [common | {"scale": 2, "reason": None, "released": 0} | portfolio],
            "deposits": [deposit | {"status": "credited", "cash": 1, "currency": "USD", "scale": 2, "cost": 0}],
            "cash": [{"account_id": "u1", "currency": "USD", "amount": 1_000 - PAID * booked}],
            "ledger": ledger,
        },
        "orders": {
            "withdrawals": [] if orders is None else [common | {"status": orders}],
            "deposits": [deposit],
            "balances": [
                {
                    "account_id": "u1",
                    "asset": "USD",
                    "total": 1_000 - PAID * released,
                    "reserved": PAID if orders == "reserved" else 0,
                }
            ],
        },
    }
    answers = {"w1": heard} if orders is not None else {}
    return Snapshot(
        tables=tables,
        sent={"portfolio": {"d1": 1, "w1": sent}, "orders": {"d1": 1, **answers}},
        seen={
            "orders": {"portfolio:d1": 1} | ({"portfolio:w1": 1} if orders else {}),
            "portfolio": {"orders:d1": 1},
        },
    )


class Still:
    """A platform that does not change while it is looked at."""

    def __init__(self, snapshot: Snapshot, at_rest: bool) -> None:
        self.snapshot = snapshot
        self.at_rest = at_rest
        self.losses: Sequence[Lost] = ()

    def read(self) -> Snapshot:
        return self.snapshot

    def settled(self) -> Callable[[], bool | None]:
        return lambda: True if self.at_rest else None


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "BETWEEN_LOOKS", 0.0)


def looked_at(snapshot: Snapshot, *, at_rest: bool = True) -> Report:
    return audit(Still(snapshot, at_rest))  # type: ignore[arg-type]


@pytest.mark.parametrize("state", ["done", "declined"])
def test_one_that_has_come_to_its_end_differs_nowhere(state: str) -> None:
    found = looked_at(platform(*STATES[state], sent=2))
    assert (found.differences, found.in_flight) == ([], [])


@pytest.mark.parametrize("state", ["requested", "reserved", "settled", "released", "refused"])
def test_one_that_is_on_its_way_is_listed_as_that(state: str) -> None:
    sent = 2 if state in {"settled", "released"} else 1
    found = looked_at(platform(*STATES[state], sent=sent), at_rest=False)
    assert found.differences == []
    assert found.in_flight


@pytest.mark.parametrize("state", ["requested", "reserved", "settled", "released", "refused"])
def test_one_of_which_an_event_was_lost_is_a_difference(state: str) -> None:
    found = looked_at(platform(*STATES[state], sent=2))
    assert found.in_flight == []
    assert found.differences


@pytest.mark.parametrize("column", ["account_id", "asset", "amount", "status", "reason", "released", "scale"])
def test_each_value_of_a_withdrawal_is_held_against_the_risk_ledgers(column: str) -> None:
    snapshot = platform(*STATES["done"], sent=2)
    (row,) = snapshot.rows("portfolio.withdrawals")
    row[column] = {"amount": PAID + 1, "released": 0, "scale": 3}.get(column, "another")
    named = {each.where.rpartition(".")[0] for each in withdrawals_are_the_risk_ledgers(snapshot)}
    assert "portfolio.withdrawals" in named


@pytest.mark.parametrize("column", ["account_id", "asset", "amount", "status"])
def test_each_value_of_the_risk_ledgers_is_held_against_the_withdrawal(column: str) -> None:
    snapshot = platform(*STATES["declined"])
    (row,) = snapshot.rows("orders.withdrawals")
    row[column] = PAID + 1 if column == "amount" else "another"
    named = {each.where.rpartition(".")[0] for each in withdrawals_are_the_risk_ledgers(snapshot)}
    assert "orders.withdrawals" in named
