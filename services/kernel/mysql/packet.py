"""Statements that go to the server together, those whose outcome nobody asks before the one that is waited for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from asyncmy import errors

from services.kernel.connections import LateFailure, Repeat, Terms
from services.kernel.inserts import DUPLICATE


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

    @property
    def checked(self) -> bool:
        """Whether more is to be seen of what was put off than that it did not fail."""
        return any(late.terms.rows is not None for late in self.late)

    def blame(self, answered: int, error: errors.Error) -> None:
        """Raise what a failure means that is not of the statement that was waited for."""
        for late in self.late:
            if answered < late.results:
                if late.terms.rivals and error.args[0] == DUPLICATE:
                    raise Repeat from error
                raise LateFailure(error, late.text) from error
            answered -= late.results

    def check(self, results: Sequence[Any]) -> None:
        """Raise what the results mean of what was put off."""
        first = 0
        for late in self.late:
            rows = sum(rows_of(each) for each in results[first : first + late.results])
            first += late.results
            try:
                late.terms.check(rows)
            except Exception as meant:
                raise LateFailure(meant, late.text) from meant


def rows_of(result: Any) -> int:
    """Rows found, or changed."""
    return len(result.rows) if result.rows is not None else result.affected_rows
