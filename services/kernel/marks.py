"""What a user must find on a replica: marks in the cache, each with the primary's transactions of some moment.

Beside each mark lies an epoch. A write closes the user's epoch before its commit and begins a new one after it, before
anybody is told; a mark counts only in the epoch that its maker had read before asking the primary. So a mark that
counts holds every write that somebody was told of. A process that is killed between leaves a closed epoch, and the
user reads the primary until that expires; so does who finds no cache, no epoch, or no mark. docs/decisions/0021 thinks
through what an unreachable cache can do.
"""

import asyncio
import time
from collections.abc import Collection
from typing import NamedTuple

from services.contracts.ids import new_id
from services.kernel.cache import Cache, CacheLost
from services.runtime import log

MARK_LIVES = 20.0
"""Seconds."""
EPOCH_LIVES = 3600.0
CLOSED_FOR = 60.0
"""Longer than any commit is waited for."""
CLOSED = b""
PATIENCE = 0.25
"""Seconds that a write waits for the cache."""


class Epoch(NamedTuple):
    """A user's epoch, and the mark that counts in it."""

    name: bytes
    transactions: str | None


class Marks:
    """Of one service's users."""

    def __init__(self, cache: Cache, service: str) -> None:
        self._cache = cache
        self._service = service
        self._unsaid: dict[str, float] = {}
        """Users whose epoch could not be closed here, until the marks of that time have expired."""
        self.log = log.logger(service)

    async def of(self, user_id: str) -> Epoch | None:
        """None while nothing may be taken from a replica, nor marked."""
        if self._unsaid and self._unsaid.get(user_id, 0.0) > time.monotonic():
            return None
        epoch, mark = self._keys(user_id)
        try:
            async with asyncio.timeout(PATIENCE):
                name, found = await self._cache.get_all([epoch, mark])
                if name is None:
                    name = new_id().encode()
                    return Epoch(name, None) if await self._cache.set_if_new(epoch, name, EPOCH_LIVES) else None
        except (CacheLost, TimeoutError):
            return None
        if name == CLOSED:
            return None
        marked_in, _, transactions = (found or b"").partition(b" ")
        return Epoch(name, transactions.decode() if marked_in == name else None)

    async def set(self, user_id: str, epoch: bytes, transactions: str) -> None:
        """Mark with what the primary had done after the epoch was read."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._cache.set(self._keys(user_id)[1], epoch + b" " + transactions.encode(), MARK_LIVES)
        except (CacheLost, TimeoutError):
            return  # the next one marks

    async def close(self, user_ids: Collection[str]) -> None:
        """Before the commit of what was written of these users: no mark counts."""
        if not await self._set_epochs(user_ids, CLOSED, CLOSED_FOR):
            now = time.monotonic()
            self._unsaid = {user: until for user, until in self._unsaid.items() if until > now}
            self._unsaid |= dict.fromkeys(user_ids, now + MARK_LIVES)

    async def reopen(self, user_ids: Collection[str]) -> None:
        """After the commit: marks count that are made from now on."""
        await self._set_epochs(user_ids, new_id().encode(), EPOCH_LIVES)

    async def _set_epochs(self, user_ids: Collection[str], name: bytes, lives: float) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*(self._cache.set(self._keys(user)[0], name, lives) for user in user_ids))
        except (CacheLost, TimeoutError) as error:
            self.log.warning("marks cannot be set", error=str(error))
            return False
        return True

    def _keys(self, user_id: str) -> tuple[str, str]:
        return f"epoch:{self._service}:{user_id}", f"mark:{self._service}:{user_id}"
