"""tradectl.backup.binlog"""

import zlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradectl.backup.binlog import FORMAT, GTID, HEADER, IN_USE, MAGIC, PREVIOUS, events, whole


def event(body: bytes) -> bytes:
    return bytes(9) + (HEADER + len(body)).to_bytes(4, "little") + bytes(6) + body


logs_of = st.lists(st.binary(max_size=40).map(event), max_size=8)


@given(logs_of, st.integers(0, 30))
def test_a_log_is_taken_up_to_its_last_whole_event(written: list[bytes], more: int) -> None:
    log = MAGIC + b"".join(written)
    half = event(bytes(31))[: more or 1]

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


def named(kind: int, body: bytes) -> bytes:
    return bytes(4) + bytes([kind]) + bytes(4) + (HEADER + len(body)).to_bytes(4, "little") + bytes(6) + body


def number(value: int, size: int = 8) -> bytes:
    return value.to_bytes(size, "little")


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
    (event,) = events(named(GTID, begins), 1000)
    assert event.ends == 1000 + length


def summed(kind: int, flags: int, body: bytes) -> bytes:
    """With a checksum, which is without the flag that comes and goes."""
    header = bytes(4) + bytes([kind]) + bytes(4) + number(HEADER + len(body) + 4, 4) + bytes(4)
    return header + number(flags, 2) + body + number(zlib.crc32(header + bytes(2) + body), 4)


def test_an_event_that_is_not_as_it_was_written_is_told_by_its_checksum() -> None:
    form, other = summed(FORMAT, IN_USE, b"...\1"), summed(2, 0, b"BEGIN")
    first, second, third, fourth = events(form + other + other[:-5] + b"!" + other[-4:] + named(FORMAT, bytes(5)), 4)

    assert [first.sound, second.sound, third.sound] == [True, True, False]
    assert [first.summed, fourth.summed] == [True, False]
