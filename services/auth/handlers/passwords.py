"""Argon2id off the event loop, a bounded number at a time, and never a hint whether an address is known."""

import asyncio
import secrets
import time
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.contracts.errors import DomainError
from services.contracts.metrics import auth as declared
from services.kernel.settings import Auth
from services.runtime.instruments import Gauge, Histogram

T = TypeVar("T")
MOST_WAITING = 200
"""Hashes that wait for a thread; at 20 ms each what comes after them would wait longer than anybody does."""


class Passwords:
    """Hashes and checks passwords, in threads of its own because each takes tens of milliseconds and 19 MiB."""

    def __init__(self, settings: Auth) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.argon2_passes,
            memory_cost=settings.argon2_memory,
            parallelism=settings.argon2_lanes,
        )
        self._threads = ThreadPoolExecutor(settings.argon2_parallel, thread_name_prefix="argon2")
        self._waiting = 0
        self._time, waiting = Histogram(declared.HASH_TIME), Gauge(declared.HASH_WAITING)
        waiting.read(lambda: self._waiting)
        self.instruments = (self._time, waiting)
        """What hashing is measured by."""
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        """What is stored of a password."""
        return await self._off_the_loop(self._hash, password)

    async def check(self, stored: str | None, password: str) -> bool:
        """Whether the password is the stored one; as slow for an address that nobody has."""
        if stored is None and self._nobodys is None:
            self._nobodys = await self.hash(secrets.token_urlsafe())
        good = await self._off_the_loop(self._verify, stored or self._nobodys or "", password)
        return good and stored is not None

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _hash(self, password: str) -> str:
        return self._hasher.hash(composed(password))

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, composed(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _off_the_loop(self, work: Callable[..., T], *args: str) -> T:
        if self._waiting >= MOST_WAITING:
            raise DomainError("busy", 503, "too many log-ins at once: try again in a moment")
        self._waiting += 1
        began = time.perf_counter()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        finally:
            self._waiting -= 1
            self._time.observe(time.perf_counter() - began)


def composed(password: str) -> str:
    """One spelling of what looks the same on different keyboards (NIST SP 800-63B: NFKC)."""
    return unicodedata.normalize("NFKC", password)
