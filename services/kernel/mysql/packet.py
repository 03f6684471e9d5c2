"""Statements that go to the server together, those whose outcome nobody asks before the one that is waited for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from asyncmy import errors

from services.kernel.connections import LateFailure, Repeat, Terms
from services.kernel.inserts import DUPLICATE

ONE_ROW = "SET @as_meant=IF(ROW_COUNT()=1,0,(SELECT 1 UNION SELECT 2))"
"""Fails unless the statement before it found one row: what follows in its packet, COMMIT too, is not executed."""
NOT_ONE = 1242
"""The code of that failure (ER_SUBQUERY_NO_1_ROW)."""


@dataclass(frozen=True)
class Late:
    """A statement that was put off; ``results`` of it will come."""

    text: str
    results: int
    terms: Terms


@dataclass
class Packet:
    """In the order in which they are executed; one that fails is the last one."""

    late: list[Late] = field(default_factory=list)
    asked: Sequence[str] = ()
    size: int = 0
    """Characters of what was put off."""

    def __bool__(self) -> bool:
        return bool(self.late)

    def add(self, late: Late) -> None:
        self.late.append(late)
        self.size += len(late.text)

    def with_all(self, statements: Sequence[str]) -> "Packet":
        """Followed by statements that are waited for."""
        return replace(self, asked=statements)

    @property
    def text(self) -> str:
        return ";".join([*(late.text for late in self.late), *self.asked])

    @property
    def unasked(self) -> int:
        """Results that come first and interest nobody."""
        return sum(late.results for late in self.late)

    def blame(self, answered: int, error: errors.Error) -> None:
        """Raise what a failure means that is not of the statement that was waited for."""
        for late in self.late:
            if answered < late.results:
                if late.terms.rivals and error.args[0] == DUPLICATE:
                    raise Repeat from error
                meant = late.terms.otherwise() if late.terms.one and error.args[0] == NOT_ONE else error
                raise LateFailure(meant, late.text) from error
            answered -= late.results
