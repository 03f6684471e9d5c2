"""tradectl.backup.packing"""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradectl.backup.packing import Flowing, Tapped, Unpacked, packed
from tradectl.errors import TradectlError

KEY, NAME = bytes(32), "full/1/data"


def whole(source: Unpacked) -> bytes:
    pieces = list[bytes]()
    while piece := source.read(1 << 16):
        pieces.append(piece)
    return b"".join(pieces)


@settings(deadline=None)
@given(st.binary(max_size=5_000))
def test_what_was_packed_comes_out_as_it_was(plain: bytes) -> None:
    document = packed(BytesIO(plain), KEY, NAME)
    unpacked = Unpacked(BytesIO(document.read()), KEY, NAME)

    assert whole(unpacked) == plain
    assert unpacked.digest == document.digest
    assert unpacked.size == len(plain)


def test_what_repeats_itself_gets_smaller() -> None:
    assert len(packed(BytesIO(b"INSERT " * 10_000), KEY, NAME).read()) < 1_000


def test_what_was_cut_off_is_not_taken_for_its_end() -> None:
    document = packed(BytesIO(bytes(range(256)) * 100), KEY, NAME).read()

    with pytest.raises(TradectlError, match="its end is missing"):
        whole(Unpacked(BytesIO(document[:-5]), KEY, NAME))


@given(st.lists(st.binary(min_size=1, max_size=20)), st.integers(1, 7))
def test_pieces_flow_as_one(pieces: list[bytes], size: int) -> None:
    flowing, found = Flowing(pieces), list[bytes]()
    while piece := flowing.read(size):
        found.append(piece)

    assert b"".join(found) == b"".join(pieces)
    assert all(len(piece) <= size for piece in found)


def test_who_taps_sees_all_and_is_told_of_the_end() -> None:
    seen, ends = list[bytes](), list[str]()
    tapped = Tapped(BytesIO(b"abcdef"), seen.append, lambda: ends.append("end"))
    while tapped.read(4):
        continue

    assert (seen, ends, tapped.size) == ([b"abcd", b"ef"], ["end"], 6)
