"""tradectl.backup.binlog"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradectl.backup.binlog import HEADER, MAGIC, whole


def event(body: bytes) -> bytes:
    return bytes(9) + (HEADER + len(body)).to_bytes(4, "little") + bytes(6) + body


events = st.lists(st.binary(max_size=40).map(event), max_size=8)


@given(events, st.integers(0, 30))
def test_a_log_is_taken_up_to_its_last_whole_event(written: list[bytes], more: int) -> None:
    log = MAGIC + b"".join(written)
    half = event(bytes(31))[: more or 1]

    assert whole(log, 0) == len(log)
    assert whole(log + half, 0) == len(log)


@given(events, st.data())
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
