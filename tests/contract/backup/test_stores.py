"""What every store does, whatever it is."""

import time
from io import BytesIO

import pytest

from tradectl.backup.store import LockedError, Store, Stored
from tradectl.errors import ExitCode, TradectlError

LARGE = bytes(range(256)) * 36_000
"""More than a part of an upload."""


def put(store: Store, key: str, document: bytes, keep: int | None = None) -> None:
    store.put(key, BytesIO(document), keep)


def read(store: Store, key: str) -> bytes:
    pieces = list[bytes]()
    with store.get(key) as stream:
        while piece := stream.read(1 << 20):
            pieces.append(piece)
    return b"".join(pieces)


@pytest.mark.parametrize("document", [b"", b"a", LARGE], ids=["nothing", "a byte", "9 MB"])
def test_what_was_put_is_read_as_it_was(store: Store, document: bytes) -> None:
    put(store, "full/1/data", document)

    assert read(store, "full/1/data") == document
    assert store.list("full/") == [Stored("full/1/data", len(document))]


def test_the_last_one_put_under_a_key_is_there(store: Store) -> None:
    put(store, "full/1/data", b"old")
    put(store, "full/1/data", b"new one")

    assert read(store, "full/1/data") == b"new one"
    assert store.list("") == [Stored("full/1/data", 7)]


def test_keys_are_listed_in_their_order_by_how_they_begin(store: Store) -> None:
    for key in ("full/2/b", "logs/a", "full/2/a", "full/10", "fullness"):
        put(store, key, b"x")

    assert [each.key for each in store.list("full/")] == ["full/10", "full/2/a", "full/2/b"]
    assert [each.key for each in store.list("full/2")] == ["full/2/a", "full/2/b"]
    assert len(store.list("")) == 5
    assert store.list("nothing/") == []


def test_what_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(TradectlError, match="has no full/9") as caught, store.get("full/9") as stream:
        stream.read(1)

    assert caught.value.exit_code is ExitCode.NOT_FOUND


def test_what_was_removed_is_gone_and_may_be_removed_again(store: Store) -> None:
    put(store, "full/1/data", b"x")
    put(store, "full/1/data", b"y")
    for _ in range(2):
        store.remove("full/1/data")

    assert store.list("") == []
    with pytest.raises(TradectlError, match="has no"), store.get("full/1/data") as stream:
        stream.read(1)


@pytest.mark.parametrize("before", [None, b"as it was"], ids=["nothing before", "one before"])
@pytest.mark.parametrize("size", [3, len(LARGE)], ids=["small", "9 MB"])
def test_a_source_that_breaks_off_changes_nothing(store: Store, before: bytes | None, size: int) -> None:
    class Broken:
        def __init__(self) -> None:
            self.left = LARGE[:size]

        def read(self, size: int = -1, /) -> bytes:
            if not self.left:
                raise TradectlError("the dump ended with 2")
            piece, self.left = self.left[:size], self.left[size:] if size > 0 else b""
            return piece

    if before is not None:
        put(store, "full/1/data", before)
    with pytest.raises(TradectlError, match="the dump ended with 2"):
        store.put("full/1/data", Broken())

    assert store.list("") == ([] if before is None else [Stored("full/1/data", len(before))])


def test_what_is_locked_stays_until_its_time(store: Store) -> None:
    until = int(time.time()) + 3600
    put(store, "full/1/data", b"x", until)

    if store.locks:
        with pytest.raises(LockedError):
            store.remove("full/1/data")
        assert read(store, "full/1/data") == b"x"
    else:
        store.remove("full/1/data")
        assert store.list("") == []
