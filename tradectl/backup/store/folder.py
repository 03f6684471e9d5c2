"""A folder as a store: a file an object, there whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tradectl.backup.failures import absent, full, unreachable
from tradectl.backup.sealing import Readable
from tradectl.backup.store.store import Stored

PIECE = 1 << 20
DRAFT = ".draft"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Folder:
    """See Store."""

    locks = False

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def name(self) -> str:
        return str(self._root)

    def put(self, key: str, source: Readable, keep: int | None = None) -> None:  # noqa: ARG002 (it locks nothing)
        path = self._root / key
        beside = path.with_name(f".{path.name}.{os.getpid()}{DRAFT}")
        with self._explained():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                self._fill(file, source)
            with self._explained():
                beside.replace(path)
                _settle(path.parent)
        finally:
            beside.unlink(missing_ok=True)

    def _fill(self, file: BinaryIO, source: Readable) -> None:
        """What the source raises is its own."""
        while piece := source.read(PIECE):
            with self._explained():
                file.write(piece)
        with self._explained():
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def get(self, key: str) -> Iterator[Readable]:
        try:
            file = (self._root / key).open("rb")
        except FileNotFoundError:
            raise absent(key, self.name) from None
        except OSError as error:
            raise unreachable(self.name, error.strerror or error) from error
        with file:
            yield file

    def list(self, prefix: str) -> list[Stored]:
        with self._explained():
            start = self._root / prefix
            folder = start if prefix.endswith("/") or not prefix else start.parent
            paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(DRAFT)]
            found = [Stored(path.relative_to(self._root).as_posix(), path.stat().st_size) for path in paths]
        return sorted(each for each in found if each.key.startswith(prefix))

    def remove(self, key: str) -> None:
        path = self._root / key
        with self._explained():
            path.unlink(missing_ok=True)
            for folder in path.parents:
                if folder == self._root or not folder.is_dir() or any(folder.iterdir()):
                    return
                folder.rmdir()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in FULL:
                raise full(self.name) from error
            raise unreachable(self.name, error.strerror or error) from error


def _settle(folder: Path) -> None:
    """A rename stands a power cut when its folder has been written."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
