"""The outbox gives each execution of its sender out once, across restarts."""

import sqlite3

import pytest

from sim.broker import outbox
from sim.broker.outbox import Outbox
from sim.venue.orders import Execution
from tests.unit.sim.broker.examples import execution


@pytest.fixture
def connection() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:")
    made.execute(outbox.SCHEMA)
    return made


def numbered(number: int, sender: str = "ORDERS") -> Execution:
    return execution(number=number, exec_id=f"E{number}", sender=sender)


def record_of(*executions: Execution) -> outbox.Record:
    return lambda since, limit: [one for one in executions if one.number > since][:limit]


def test_only_the_senders_own_executions_wait(connection: sqlite3.Connection) -> None:
    box = Outbox("ORDERS")
    box.see(numbered(1))
    box.see(numbered(2, "REST"))
    assert [one.number for one in box.take(connection)] == [1]
    assert len(box) == 0


def test_what_was_not_taken_is_restored(connection: sqlite3.Connection) -> None:
    box = Outbox("ORDERS")
    box.see(numbered(1))
    box.take(connection)
    again = Outbox("ORDERS")
    again.restore(connection, record_of(numbered(1), numbered(2), numbered(3, "REST"), numbered(4)))
    assert [one.number for one in again.take(connection)] == [2, 4]


def test_what_was_taken_in_a_transaction_that_failed_is_restored(connection: sqlite3.Connection) -> None:
    box = Outbox("ORDERS")
    box.see(numbered(1))
    connection.commit()
    box.take(connection)
    connection.rollback()
    box.restore(connection, record_of(numbered(1)))
    assert [one.number for one in box.take(connection)] == [1]


def test_executions_of_others_are_passed_over_for_good(connection: sqlite3.Connection) -> None:
    box = Outbox("ORDERS")
    box.see(numbered(9, "REST"))
    box.take(connection)
    asked: list[int] = []

    def record(since: int, limit: int) -> list[Execution]:
        asked.append(since)
        return []

    Outbox("ORDERS").restore(connection, record)
    assert asked == [9]


def test_a_status_waits_without_a_number(connection: sqlite3.Connection) -> None:
    box = Outbox("ORDERS")
    box.see(execution(number=0, kind="status"))
    assert [one.kind for one in box.take(connection)] == ["status"]
