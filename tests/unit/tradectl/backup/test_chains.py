"""tradectl.backup.chains: logs of two transactions each, as they lie in a store."""

from pathlib import Path
from uuid import UUID

import pytest

from tests.unit.tradectl.backup.binlogs import SERVER, Log, put, shelved
from tradectl.backup import chains
from tradectl.backup.chains import Chain
from tradectl.backup.manifest import Manifest
from tradectl.backup.store import Store, store_at
from tradectl.errors import ExitCode, TradectlError

KEY, OTHER = bytes(32), bytes([1]) * 32
HOUR = 3_600_000_000
NOW = 100 * HOUR
FIRST, SECOND = Log(1, ()), Log(2, (1, 2))
THIRD = Log(3, (1, 2, 3, 4))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_at(str(tmp_path))


def read(store: Store, *backups: Manifest) -> Chain:
    return chains.verify(store, KEY, backups, NOW)


def refused(store: Store, *backups: Manifest) -> str:
    with pytest.raises(TradectlError) as caught:
        read(store, *backups)
    assert caught.value.exit_code is ExitCode.STATE_UNUSABLE
    assert "tradectl backup create" in caught.value.hint
    return caught.value.message


def test_logs_without_a_gap_are_counted_to_their_end(store: Store) -> None:
    for log in (FIRST, SECOND, THIRD):
        put(store, KEY, log)
    found = read(store, shelved(taken=0, log=1, has=0), shelved(taken=HOUR, log=2, has=3))

    assert (found.pieces, found.transactions, found.until) == (3, 6, THIRD.times[-1])


def test_a_backup_without_logs_has_none_and_nothing_is_missing(store: Store) -> None:
    assert read(store, shelved(taken=0, log=1, has=0), shelved(taken=HOUR, log=0, has=0)) == Chain()


def test_what_was_logged_before_the_first_backup_is_nobodys_affair(store: Store) -> None:
    put(store, OTHER, FIRST)
    put(store, KEY, THIRD)
    assert read(store, shelved(taken=HOUR, log=3, has=4)).transactions == 2


def test_a_log_that_is_missing_is_named_with_the_last_moment_that_can_be_reached(store: Store) -> None:
    put(store, KEY, FIRST)
    put(store, KEY, THIRD)
    said = refused(store, shelved(taken=0, log=1, has=0))

    assert said.startswith("the log binlog.000002 is damaged: it was never shipped; from backup b0 on no moment after")
    assert "1970-01-01T00:00:02.000000Z" in said


def test_a_logs_end_that_is_missing_is_named_by_its_transactions(store: Store) -> None:
    put(store, KEY, FIRST, end=FIRST.places[1])
    put(store, KEY, SECOND)
    assert f"transactions {UUID(SERVER)}:2-2 were never shipped" in refused(store, shelved(taken=0, log=1, has=0))


def test_half_a_transaction_at_a_logs_end_is_none(store: Store) -> None:
    put(store, KEY, FIRST, end=FIRST.places[1] + FIRST.event)
    put(store, KEY, SECOND)
    assert f"transactions {UUID(SERVER)}:2-2 were never shipped" in refused(store, shelved(taken=0, log=1, has=0))


def test_transactions_in_two_pieces_are_whole(store: Store) -> None:
    middle = FIRST.places[1] + FIRST.event
    put(store, KEY, FIRST, end=middle)
    put(store, KEY, FIRST, start=middle)
    put(store, KEY, SECOND)
    assert read(store, shelved(taken=0, log=1, has=0)).transactions == 4


def test_the_end_of_all_logs_that_is_missing_is_found_by_the_next_backup(store: Store) -> None:
    put(store, KEY, FIRST)
    before, after = shelved(taken=0, log=1, has=0), shelved(taken=HOUR, log=2, has=3)
    said = refused(store, before, after)

    assert said.startswith(
        f"the log before backup b{HOUR} is damaged: transactions {UUID(SERVER)}:3-3 were never shipped"
    )


def test_a_shipper_has_a_minute(store: Store) -> None:
    put(store, KEY, FIRST)
    before, after = shelved(taken=0, log=1, has=0), shelved(taken=NOW - 30_000_000, log=2, has=3)
    assert read(store, before, after).transactions == 2


def test_another_key_is_said_to_be_one(store: Store) -> None:
    put(store, OTHER, FIRST)
    with pytest.raises(TradectlError, match=r"binlog.000001/.* was sealed with another key") as caught:
        read(store, shelved(taken=0, log=1, has=0))
    assert caught.value.exit_code is ExitCode.BAD_INPUT


def test_an_event_that_the_server_did_not_write_so_is_found(store: Store) -> None:
    put(store, KEY, FIRST, turned=FIRST.places[1] + 30)
    assert "an event is not as the server wrote it" in refused(store, shelved(taken=0, log=1, has=0))


def test_each_server_has_a_chain_of_its_own(store: Store) -> None:
    other = "00000000-0000-0000-0000-0000000000bb"
    put(store, KEY, FIRST)
    put(store, KEY, Log(1, (), server=other))
    here, there = shelved(taken=0, log=1, has=0), shelved(taken=HOUR, log=1, has=0, server=other)
    assert read(store, here, there).transactions == 4
