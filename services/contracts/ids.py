"""Identifiers: ordered by time, so that they index well, and random enough that none can be guessed."""

import secrets
import time

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26
PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
"""Ten bits at a time: every event and order has an id, and five at a time takes twice as long."""
SHIFTS = tuple(range(120, -1, -10))


def new_id() -> str:
    """A ULID in lower case: 48 bits of wall-clock milliseconds and 80 random bits, 26 characters."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return "".join([PAIRS[(number >> shift) & 1023] for shift in SHIFTS])
