"""What goes into a store is compressed, then sealed; what comes out of it the other way round."""

import io
from collections.abc import Callable, Iterable
from typing import cast

import zstandard

from tradectl.backup.failures import damaged
from tradectl.backup.sealing import Opening, Readable, Sealing

LEVEL = 3
PIECE = 1 << 20
"""Bytes that are asked for at once."""


def packed(source: Readable, key: bytes, name: str) -> Sealing:
    """Reads as the packed stream of a source."""
    return Sealing(zstandard.ZstdCompressor(level=LEVEL).stream_reader(source), key, name)  # type: ignore[arg-type]


class Unpacked:
    """Reads as what was packed; ``digest`` is that of all sealed bytes once it has been read to its end."""

    def __init__(self, source: Readable, key: bytes, name: str) -> None:
        self._name = name
        self._opening = Opening(source, key, name)
        reader = zstandard.ZstdDecompressor().stream_reader(cast("io.BytesIO", self._opening))
        self._reader = cast("Readable", reader)
        self.size = 0

    @property
    def digest(self) -> str:
        return self._opening.digest

    def read(self, size: int, /) -> bytes:
        try:
            piece = self._reader.read(size)
        except zstandard.ZstdError as error:
            raise damaged(self._name, str(error)) from error
        self.size += len(piece)
        if not piece:
            self._opening.read()  # what follows the compressed stream is looked at too
        return piece


class Tapped:
    """Reads as its source, and shows each piece to who wants to see it; ``finish`` is called at the end."""

    def __init__(
        self, source: Readable, see: Callable[[bytes], object], finish: Callable[[], object] = lambda: None
    ) -> None:
        self._source = source
        self._see = see
        self._finish = finish
        self.size = 0

    def read(self, size: int = -1, /) -> bytes:
        piece = self._source.read(size)
        self.size += len(piece)
        if piece:
            self._see(piece)
        elif size:
            self._finish()
        return piece


class Flowing:
    """Reads as pieces that come one after the other; they may be as small as a line, what is read is not."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = bytearray()

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes, fewer at the end alone."""
        while size < 0 or len(self._rest) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest += piece
        taken = bytes(self._rest if size < 0 else self._rest[:size])
        del self._rest[: len(taken)]
        return taken
