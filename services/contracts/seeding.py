"""What `tradectl seed` tells a service: people and orders that have always been there, the same ones to each service.

They follow from seed and number alone, so that services agree without a message, and the same batch again adds nothing.
"""

from hashlib import blake2b
from typing import NamedTuple

import msgspec

from services.contracts.ids import PAIRS, SHIFTS

BEGAN = 1_577_836_800_000
"""2020-01-01 in milliseconds: what is seeded is older than all that is done."""
CURRENCY = "USD"
LEAST, MOST = 100_000, 100_000_000
"""Of a first deposit, minor units."""


class Newcomer(msgspec.Struct, frozen=True):
    """Somebody with a verified address."""

    email: str
    display_name: str
    language: str


class Batch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """People from number ``first`` on, or so many ``orders`` from there on, of some of the first ``accounts``.

    ``password_hash`` is that of the people's one password, for auth alone; without it nobody logs in as they.
    """

    seed: int
    first: int
    people: tuple[Newcomer, ...] = ()
    password_hash: str = ""
    orders: int = 0
    accounts: int = 0


class FirstDeposit(NamedTuple):
    """What a newcomer has: the account is the user."""

    deposit_id: str
    account_id: str
    amount: int


def chance(kind: str, seed: int, number: int) -> int:
    """80 bits that are always the same."""
    return int.from_bytes(blake2b(f"{seed}:{kind}:{number}".encode(), digest_size=10).digest())


def seeded_id(kind: str, seed: int, number: int) -> str:
    """An id as ``new_id`` makes them, of a moment long ago."""
    bits = (BEGAN + number) << 80 | chance(kind, seed, number)
    return "".join([PAIRS[(bits >> shift) & 1023] for shift in SHIFTS])


def account_id(seed: int, number: int) -> str:
    return seeded_id("user", seed, number)


def first_deposit(seed: int, number: int) -> FirstDeposit:
    """The one deposit of a newcomer."""
    amount = LEAST + chance("amount", seed, number) % (MOST - LEAST)
    return FirstDeposit(seeded_id("deposit", seed, number), account_id(seed, number), amount)


def numbers(batch: Batch) -> range:
    """Of the people in it."""
    return range(batch.first, batch.first + len(batch.people))
