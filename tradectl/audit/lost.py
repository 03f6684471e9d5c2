"""Time that a restore could not bring back: what of an audit's differences it explains, which orders it left."""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from services.contracts.ids import ALPHABET, LENGTH
from tradectl.audit.difference import MISSING, Difference

OUTSIDE = frozenset({"mails are deliveries", "pushes are deliveries, each once"})
"""Rules about what has left the platform: a mail of the lost time cannot be called back."""
COMMIT = 5_000_000
"""Microseconds that an id may be older than the transaction that it came with."""
KEPT = 20
"""Restores that are remembered."""


@dataclass(frozen=True)
class Lost:
    """From the last transaction that came back until the platform was back (wall, microseconds).

    ``orders`` are the venue's alone: nobody here can own them.
    """

    since: int
    until: int
    orders: tuple[str, ...] = ()


def explained(rule: str, difference: Difference, losses: Iterable[Lost]) -> bool:
    """Whether it is a mail or push that went out in such a time, about what nobody remembers."""
    if rule not in OUTSIDE or difference.found != MISSING:
        return False
    sent = made_at(difference.key.partition(".")[0])
    return any(each.since - COMMIT <= sent <= each.until for each in losses)


def about(difference: Difference, orders: Collection[str]) -> bool:
    """Whether it is about one of these orders."""
    return any(order in (difference.key, *difference.about) for order in orders)


def made_at(identifier: str) -> int:
    """When an id was made (wall, microseconds); 0 for what is none."""
    if len(identifier) != LENGTH or not set(identifier) <= set(ALPHABET):
        return 0
    number = 0
    for letter in identifier:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return (number >> 80) * 1_000


def read(file: Path) -> tuple[Lost, ...]:
    """Those of a sandbox, the last one last; what cannot be read explains nothing."""
    try:
        found = json.loads(file.read_text(encoding="ascii"))
        return tuple(Lost(each["since"], each["until"], tuple(each["orders"])) for each in found)
    except (OSError, ValueError, LookupError, TypeError):
        return ()


def note(file: Path, lost: Lost) -> None:
    """Remember one more."""
    write(file, (*read(file), lost))


def left(file: Path, orders: Collection[str]) -> None:
    """Of the last one these orders are the venue's alone."""
    *before, last = read(file) or (Lost(0, 0),)
    write(file, (*before, Lost(last.since, last.until, tuple(orders))))


def write(file: Path, losses: Iterable[Lost]) -> None:
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(json.dumps([asdict(each) for each in losses][-KEPT:]) + "\n", encoding="ascii")
    beside.replace(file)
