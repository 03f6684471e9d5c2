"""Whose fault an error is."""

import sqlite3

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from services.contracts.errors import DomainError
from services.kernel.broker import BrokerLost
from services.kernel.lost import is_lost
from services.kernel.peers import PeerUnavailable


def sqlite_error(code: int) -> OperationalError:
    origin = sqlite3.OperationalError("as it says")
    origin.sqlite_errorcode = code
    return OperationalError("SELECT 1", {}, origin)


@pytest.mark.parametrize(
    "error",
    [
        BrokerLost("gone"),
        ConnectionResetError(),
        TimeoutError(),
        PeerUnavailable("orders"),
        sqlite_error(sqlite3.SQLITE_FULL),
        sqlite_error(sqlite3.SQLITE_BUSY),
        sqlite_error(sqlite3.SQLITE_IOERR_FSYNC),
    ],
)
def test_a_part_that_does_not_answer_is_nobodys_fault(error: Exception) -> None:
    assert is_lost(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no"),
        DomainError("off_tick", 422),
        sqlite_error(sqlite3.SQLITE_ERROR),
        IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE constraint failed")),
    ],
)
def test_a_mistake_is_a_mistake(error: Exception) -> None:
    assert not is_lost(error)
