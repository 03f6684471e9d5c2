"""Rows that nobody else has a copy of: their seals, looked at by the part that keeps them."""

from collections.abc import Iterator

from tradectl.audit.difference import Difference
from tradectl.audit.snapshot import Snapshot

SHOWN = 4
"""Columns of a row that name it."""


def seals_hold(snapshot: Snapshot) -> Iterator[Difference]:
    """No value was changed by another hand than its service's."""
    for broken in snapshot.unsound:
        row = " ".join(f"{column}={value}" for column, value in list(broken["row"].items())[:SHOWN])
        where = f"{broken['service']}.{broken['table']}"
        yield Difference(where, row, "a row as it was written", "a row that was changed")
