"""tradectl.backup.binlog"""

from functools import partial
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tradectl.backup.binlogs import event, number
from tradectl.backup.binlog import FORMAT, GTID, HEADER, IN_USE, MAGIC, PREVIOUS, events, same, whole


def named(kind: int, body: bytes) -> bytes:
    """As before there were checksums."""
    return bytes(4) + bytes([kind]) + bytes(4) + number(HEADER + len(body), 4) + bytes(6) + body


logs_of = st.lists(st.binary(max_size=40).map(partial(named, 0)), max_size=8)


@given(logs_of, st.integers(0, 30))
def test_a_log_is_taken_up_to_its_last_whole_event(written: list[bytes], more: int) -> None:
    log = MAGIC + b"".join(written)
    half = named(0, bytes(31))[: more or 1]

    assert whole(log, 0) == len(log)
    assert whole(log + half, 0) == len(log)


@given(logs_of, st.data())
def test_pieces_taken_one_after_the_other_make_up_the_log(written: list[bytes], data: st.DataObject) -> None:
    log, place, taken = MAGIC + b"".join(written), 0, b""
    reached = 0
    while place < len(log):
        reached = data.draw(st.integers(min(reached + 1, len(log)), len(log)))
        length = whole(log[place:reached], place)
        taken += log[place : place + length]
        place += length
        if reached == len(log):
            break

    assert taken == log


@pytest.mark.parametrize(("piece", "start"), [(b"no log at all", 0), (bytes(40), 4)])
def test_what_is_no_log_is_refused(piece: bytes, start: int) -> None:
    with pytest.raises(ValueError, match=r"no binary log|an event of 0 bytes"):
        whole(piece, start)


def test_an_event_tells_its_transaction_when_it_was_and_what_was_before() -> None:
    server = UUID("3e11fa47-71ca-11e1-9e33-c80aa9429562")
    before = number(1) + server.bytes + number(2) + b"".join(map(number, (1, 5, 7, 8))) + bytes(4)
    begins = b"\0" + server.bytes + number(8) + bytes(17)
    here, elsewhere = number(70, 7) + bytes(9), number(71 | 1 << 55, 7) + number(69, 7)
    log = MAGIC + named(PREVIOUS, before)
    first, second, third = events(log + named(GTID, begins + here) + named(GTID, begins + elsewhere) + bytes(5), 0)

    assert (first.kind, first.before) == (PREVIOUS, {str(server): [(1, 5), (7, 8)]})
    assert (second.kind, second.transaction, second.committed, third.committed) == (GTID, (str(server), 8), 70, 69)
    assert list(events(named(GTID, begins + here), len(log))) == [second]


@pytest.mark.parametrize(
    ("packed", "length"), [(b"\xfa", 250), (b"\xfc\x2c\x01", 300), (b"\xfd" + number(1 << 20, 3), 1 << 20)]
)
def test_a_transaction_tells_where_it_ends(packed: bytes, length: int) -> None:
    begins = bytes(42) + number(70, 7) + packed + bytes(8)
    (begun,) = events(named(GTID, begins), 1000)
    assert begun.ends == 1000 + length


def test_an_event_that_is_not_as_it_was_written_is_told_by_its_checksum() -> None:
    form, other = event(FORMAT, b"...\1", IN_USE), event(2, b"BEGIN")
    first, second, third, fourth = events(form + other + other[:-5] + b"!" + other[-4:] + named(FORMAT, bytes(5)), 4)

    assert [first.sound, second.sound, third.sound] == [True, True, False]
    assert [first.summed, fourth.summed] == [True, False]


def test_two_logs_of_one_second_are_told_apart_by_the_moment_of_a_transaction() -> None:
    begins = b"\0" + bytes(16) + number(1) + bytes(17)
    log = MAGIC + event(FORMAT, b"\1", IN_USE) + event(PREVIOUS, number(0))
    one, other = (log + event(GTID, begins + number(moment, 7) + bytes(9)) for moment in (70, 71))
    closed = MAGIC + event(FORMAT, b"\1") + one[len(MAGIC) + len(event(FORMAT, b"\1")) :]

    assert same(one, closed)
    assert same(one, other[:-1])
    assert not same(one, other)
