"""What a cache does: a dozen operations on bytes, each by itself atomic. Nothing in it is the only copy of anything."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Literal, Protocol, Self


class Lost(Enum):
    """What a subscription says instead of messages when some were lost: fetch the state anew, then go on."""

    LOST = "lost"


LOST = Lost.LOST
Messages = list[tuple[str, bytes]] | Literal[Lost.LOST]
"""Channel and message of what waited, oldest first."""


class CacheLost(ConnectionError):
    """The cache does not answer; who asked does without, or asks whoever has the truth."""


class Subscription(Protocol):
    """``async for messages in subscription`` gives what waits, never an empty list.

    While the cache is away it says LOST again and again, every second or two, so that who follows lives on what it
    fetches; and once more when messages come again.
    """

    def __aiter__(self) -> Self: ...

    async def __anext__(self) -> Messages: ...

    async def add(self, *channels: str) -> None:
        """Listen to more channels; while the cache is away: as soon as it is back."""

    async def remove(self, *channels: str) -> None:
        """Listen to fewer."""

    async def close(self) -> None:
        """End the iteration."""


class Cache(Protocol):
    """Expiry is in seconds of wall time; none keeps the key. Any operation but ``subscribe`` may raise CacheLost."""

    async def get(self, key: str) -> bytes | None:
        """The value of a key."""

    async def get_all(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values of several keys, in their order."""

    async def set(self, key: str, value: bytes, expire: float | None = None) -> None:
        """Give a key a value."""

    async def set_all(self, values: Mapping[str, bytes]) -> None:
        """Give several keys their values, which stay."""

    async def set_if_new(self, key: str, value: bytes, expire: float | None = None) -> bool:
        """Give a key a value unless it has one; whether it got it."""

    async def delete(self, *keys: str) -> None:
        """Forget keys, hashes and counters too."""

    async def hget(self, key: str, field: str) -> bytes | None:
        """A field of a hash."""

    async def hset(self, key: str, fields: Mapping[str, bytes]) -> None:
        """Set fields of a hash."""

    async def hgetall(self, key: str) -> dict[str, bytes]:
        """All fields of a hash; empty when there is none."""

    async def hdelete(self, key: str, *fields: str) -> None:
        """Forget fields of a hash."""

    async def increment(self, key: str, by: int = 1, expire: float | None = None) -> int:
        """Add to a counter, which begins at 0 and then gets its expiry; the new value."""

    async def publish(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Send messages (channel, bytes) to whoever is subscribed, in their order."""

    async def subscribe(self, *channels: str, most: int = 65_536) -> Subscription:
        """Listen; more than ``most`` messages that wait are lost, and the subscription says so."""

    async def check(self) -> None:
        """Return when the cache answers."""

    async def close(self) -> None:
        """End all subscriptions."""
