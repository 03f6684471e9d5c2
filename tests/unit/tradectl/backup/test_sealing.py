"""tradectl.backup.sealing"""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradectl.backup import sealing
from tradectl.backup.sealing import HEADER, Opening, Sealing
from tradectl.errors import ExitCode, TradectlError

KEY, OTHER = bytes(32), bytes(range(32))
NAME = "full/1/mysql"


@pytest.fixture(autouse=True)
def small_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "FRAME", 64)


def sealed(plain: bytes) -> bytes:
    return Sealing(BytesIO(plain), KEY, NAME).read()


def opened(document: bytes, key: bytes = KEY, name: str = NAME) -> bytes:
    return Opening(BytesIO(document), key, name).read()


def frames(document: bytes) -> list[bytes]:
    found, place = [], HEADER
    while place < len(document):
        length = int.from_bytes(document[place : place + 4], "big") & (sealing.LAST - 1)
        found.append(document[place : place + 4 + length])
        place += 4 + length
    return found


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(1, 100))
def test_what_was_sealed_opens_as_it_was_in_whatever_pieces_it_is_read(plain: bytes, size: int) -> None:
    sealing_, pieces = Sealing(BytesIO(plain), KEY, NAME), list[bytes]()
    while piece := sealing_.read(size):
        pieces.append(piece)
    opening, found = Opening(BytesIO(b"".join(pieces)), KEY, NAME), list[bytes]()
    while piece := opening.read(size):
        found.append(piece)

    assert b"".join(found) == plain
    assert opening.digest == sealing_.digest
    assert sealing_.size == len(b"".join(pieces))


@settings(deadline=None)
@given(st.binary(max_size=200), st.data())
def test_a_bit_that_was_turned_anywhere_is_found(plain: bytes, data: st.DataObject) -> None:
    document = bytearray(sealed(plain))
    document[data.draw(st.integers(0, len(document) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(TradectlError):
        opened(bytes(document))


@settings(deadline=None)
@given(st.binary(max_size=200), st.data())
def test_what_was_cut_off_anywhere_is_found(plain: bytes, data: st.DataObject) -> None:
    document = sealed(plain)

    with pytest.raises(TradectlError, match="damaged"):
        opened(document[: data.draw(st.integers(0, len(document) - 1))])


@settings(deadline=None)
@given(st.binary(min_size=130, max_size=400), st.randoms())
def test_frames_in_another_order_are_found(plain: bytes, random: object) -> None:
    document = sealed(plain)
    parts = frames(document)
    shuffled = parts[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    if shuffled == parts:
        assert opened(document) == plain
    else:
        with pytest.raises(TradectlError, match="damaged"):
            opened(document[:HEADER] + b"".join(shuffled))


def test_a_frame_twice_and_something_after_the_end_are_found() -> None:
    document = sealed(bytes(150))
    first, *rest = frames(document)

    for wrong in (first + first + b"".join(rest), first + b"".join(rest) + rest[-1]):
        with pytest.raises(TradectlError, match="damaged"):
            opened(document[:HEADER] + wrong)


def test_another_key_is_told_from_damage() -> None:
    with pytest.raises(TradectlError, match="another key") as caught:
        opened(sealed(b"money"), OTHER)

    assert caught.value.exit_code is ExitCode.BAD_INPUT
    assert "TRADECTL_BACKUP_KEY" in caught.value.hint


def test_an_object_under_the_name_of_another_does_not_open() -> None:
    with pytest.raises(TradectlError, match="damaged"):
        opened(sealed(b"money"), name="full/2/mysql")


def test_the_same_sealed_twice_looks_different() -> None:
    assert sealed(b"money") != sealed(b"money")


def test_what_the_source_raises_passes_and_no_end_is_written() -> None:
    class Broken:
        def __init__(self) -> None:
            self.left = 3

        def read(self, size: int, /) -> bytes:
            self.left -= 1
            if self.left < 0:
                raise TradectlError("the dump ended with 2")
            return bytes(size)

    with pytest.raises(TradectlError, match="the dump ended with 2"):
        Sealing(Broken(), KEY, NAME).read()
