"""Binary logs as SQL, whole transactions in their order up to a moment: what a restored primary is given."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tradectl.backup.events import Events
from tradectl.backup.sifting import Sifting

BEGINS = re.compile(rb"^/\*!80001 SET @@session\.original_commit_timestamp=(\d+)")
CUT_OFF = (b"ROLLBACK /* added by mysqlbinlog */", b"ROLLBACK/* added by mysqlbinlog */")
COMMENT = b"#"
FOOTER = b"DELIMITER ;"


@dataclass
class Replay:
    """``until`` is a moment of the primary's clock (microseconds); none: all. Afterwards it knows what it was."""

    until: int | None = None
    transactions: int = 0
    last: int = 0
    """When the last transaction that passed was committed on the primary."""
    events: Events = field(default_factory=Events)
    sifting: Sifting = field(default_factory=Sifting)

    def statements(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """What mysqlbinlog writes, without what came after, was cut off or is others', and without its comments."""
        for moment, transaction in _transactions(lines):
            if moment is None:
                yield from _plain(self.sifting.passed(transaction))
                continue
            if self.until is not None and moment > self.until:
                return
            if any(line.startswith(CUT_OFF) for line in transaction):
                return
            for line in transaction:
                self.events.see(line)
            self.transactions += 1
            self.last = moment
            yield from _plain(self.sifting.passed(transaction))


def _transactions(lines: Iterable[bytes]) -> Iterator[tuple[int | None, list[bytes]]]:
    """With their times; what stands before the first and after the last has none."""
    moment: int | None = None
    collected: list[bytes] = []
    for line in lines:
        begun = BEGINS.match(line)
        if begun or line == FOOTER:
            yield moment, collected
            moment, collected = int(begun[1]) if begun else None, []
        collected.append(line)
    yield moment, collected


def _plain(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line + b"\n" for line in lines if not line.startswith(COMMENT))
