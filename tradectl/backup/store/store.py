"""What a store can do."""

from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from tradectl.backup.sealing import Readable


class Stored(NamedTuple):
    """An object and its bytes."""

    key: str
    size: int


class LockedError(Exception):
    """The store does not let it go yet; the text says until when, if the store does."""


class Store(Protocol):
    """Objects by keys, in which a slash is a folder. TradectlError when the store is gone, refuses or is full."""

    @property
    def name(self) -> str:
        """For messages."""

    @property
    def locks(self) -> bool:
        """Whether it can keep an object from being removed until a time."""

    def put(self, key: str, source: Readable, keep: int | None = None) -> None:
        """Have the object whole, or as it was before; with ``keep``, locked until then (seconds since 1970).

        What the source raises passes, and nothing is there afterwards that was not there before.
        """

    def get(self, key: str) -> AbstractContextManager[Readable]:
        """The object's bytes as a stream; TradectlError NOT_FOUND when there is none."""

    def list(self, prefix: str) -> list[Stored]:
        """All whose keys begin so, in the order of their keys."""

    def remove(self, key: str) -> None:
        """It is not there any more, if it ever was; LockedError when it may not go yet."""
