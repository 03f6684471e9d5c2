"""Batches of people for every service that keeps something of them, then batches of orders."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from unicodedata import normalize

import msgspec

from services.contracts.seeding import Batch, Newcomer
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http
from tradectl.stack.topology import platform

PEOPLE = 150
"""In a batch: with names in any alphabet they stay below the 64 KiB of a body."""
ORDERS = 1_000
KEEPER = "orders"
"""Whose orders are."""
SECRETIVE = "auth"
"""Who alone is told of passwords."""
PATIENCE = 60.0
"""Seconds for a batch."""
Told = Callable[[str, int, int], None]
"""What, how many are done, of how many."""


@dataclass(frozen=True)
class Seeded:
    """What the sandbox now has of this seed."""

    accounts: int
    orders: int
    seconds: float


def newcomers(seed: int, first: int, count: int) -> list[Newcomer]:
    """People by their numbers: the same for the same seed, however they are cut into batches."""
    from faker import Faker

    names = {language: Faker(locale) for language, locale in (("en", "en_US"), ("ru", "ru_RU"))}
    made = []
    for number in range(first, first + count):
        chance = Random(f"{seed}:person:{number}")
        language = chance.choice(("en", "ru"))
        names[language].seed_instance(chance.getrandbits(32))
        made.append(Newcomer(f"seed-{seed}-{number}@example.com", names[language].name()[:80], language))
    return made


def run(
    endpoints: Mapping[str, str], key: str, accounts: int, orders: int, seed: int, told: Told, password: str = ""
) -> Seeded:
    """Seed a sandbox that is up; what is there of the same seed stays, and so does its password or lack of one."""
    began = time.monotonic()
    parts = [part.name for part in platform() if part.seed]
    hashed = hashed_once(password) if password else ""
    for batch in people(seed, accounts):
        for part in parts:
            mine = msgspec.structs.replace(batch, password_hash=hashed) if part == SECRETIVE else batch
            post(endpoints[f"{part}.http"], key, mine)
        told("accounts", batch.first + len(batch.people), accounts)
    for batch in of_orders(seed, accounts, orders):
        post(endpoints[f"{KEEPER}.http"], key, batch)
        told("orders", batch.first + batch.orders, orders)
    return Seeded(accounts, orders, time.monotonic() - began)


def hashed_once(password: str) -> str:
    """As auth stores it: one hash for all, for each costs tens of milliseconds; NFKC, as auth spells what is typed."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(normalize("NFKC", password))


def people(seed: int, accounts: int) -> Iterator[Batch]:
    """Everybody, some at a time."""
    for first in range(0, accounts, PEOPLE):
        yield Batch(seed=seed, first=first, people=tuple(newcomers(seed, first, min(PEOPLE, accounts - first))))


def of_orders(seed: int, accounts: int, orders: int) -> Iterator[Batch]:
    """All orders, some at a time."""
    for first in range(0, orders, ORDERS):
        yield Batch(seed=seed, first=first, orders=min(ORDERS, orders - first), accounts=accounts)


def post(url: str, key: str, batch: Batch) -> None:
    """One batch; TradectlError when the service refuses it."""
    body: Any = msgspec.to_builtins(batch)
    try:
        answer = http.request(
            "POST", f"{url}/internal/seed", body=body, headers={"X-Internal-Key": key}, timeout=PATIENCE
        )
    except http.UnreachableError as error:
        hint = "`tradectl ps` says how it is; the same command goes on where it stopped"
        raise TradectlError(f"no answer: {error}", hint, ExitCode.NOT_UP) from error
    if answer.status != 200:
        said = answer.body.decode(errors="replace")[:300]
        raise TradectlError(f"{url} answered {answer.status} {said}", "its log says more", ExitCode.CHECK_FAILED)


def tenths(done: int, whole: int) -> int:
    """How many are reached."""
    return done * 10 // whole
