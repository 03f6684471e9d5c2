"""A file of lines, plain or gzip, read one by one with the number of each."""

import gzip
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path

from sim.feeds.errors import FeedError

GZIP = b"\x1f\x8b"
BLOCK = 1 << 18
"""Bytes read at once."""
WHOLE = "copy or download the file again, or name another with --feed"


def opened(path: Path) -> BufferedIOBase:
    """The file's bytes; FeedError when it is not there, empty or unreadable."""
    try:
        with path.open("rb") as file:
            magic = file.read(2)
        if not magic:
            raise FeedError(f"{path} is empty", WHOLE)
        return gzip.GzipFile(path) if magic == GZIP else path.open("rb")
    except FileNotFoundError:
        raise FeedError(f"there is no feed file {path}", "name a file that exists with --feed") from None
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror}", "name a readable file with --feed") from None


def lines_of(path: Path, after: int = 0) -> Iterator[tuple[int, bytes]]:
    """Each line after the first ``after`` ones with its number from 1; FeedError where the file breaks off."""
    number = 0
    with opened(path) as file:
        try:
            rest = b""
            while block := file.read1(BLOCK):
                *lines, rest = (rest + block).split(b"\n")
                for line in lines:
                    number += 1
                    if number > after:
                        yield number, line
            if rest and number >= after:
                yield number + 1, rest
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FeedError(f"{path} is truncated or damaged after line {number}: {error}", WHOLE) from None
