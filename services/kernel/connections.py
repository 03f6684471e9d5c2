"""What the kernel asks of a kind of database: lanes for transactions, connections for reads."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")
P = ParamSpec("P")


LATE = "late"
"""Execution option of a statement whose outcome nobody waits for: its Terms."""

LAST = "last"
"""Execution option of a read: whether it is the only one, or the last one, of its snapshot."""


class Repeat(Exception):
    """Another transaction was first: this one must begin anew to see what that one did."""


class LateFailure(Exception):
    """A statement did not do what it should that was put off, and its use case had gone on."""

    def __init__(self, meant: Exception, statement: str) -> None:
        super().__init__(f"{meant!r}: {statement[:500]}")
        self.meant = meant


class Terms(NamedTuple):
    """What must be true of a statement whose outcome nobody waits for."""

    rivals: bool = False
    """A duplicate key says that another transaction was first: Repeat."""
    one: bool = False
    """It is an UPDATE and finds one row each time."""
    otherwise: Callable[[], Exception] = LookupError
    """What another number means."""


class LaneConnection(AsyncConnection):
    """What use cases execute on."""

    async def execute_all(self, asked: Sequence[tuple[Executable, Any]]) -> list[CursorResult[*tuple[Any, ...]]]:
        """Statements that do not depend on each other's outcome."""
        return [await self.execute(*each) for each in asked]


class Lane(Protocol):
    """A connection on which one transaction follows another."""

    cheap_savepoints: bool
    """They cost less than the chance that use cases have to be repeated without one that failed among them."""

    @property
    def connection(self) -> LaneConnection:
        """What use cases execute on."""
        ...

    @property
    def over(self) -> bool:
        """The database has ended the transaction by itself: nothing of it is there."""
        ...

    def may_repeat(self, times: int, /) -> bool:
        """Whether a transaction that is over for that many times now may begin anew at once."""
        ...

    async def begin(self) -> None:
        """Start a transaction."""
        ...

    async def catch_up(self) -> None:
        """Execute what was put off, while it is known whose it is; may raise LateFailure, or Repeat."""
        ...

    async def commit(self) -> None:
        """Make it durable; raises OutcomeUnknown when nobody can say whether it is."""
        ...

    async def rollback(self) -> None:
        """Undo it; never fails."""
        ...

    async def savepoint(self) -> None:
        """Where `undo` leads back to; the one before is forgotten."""
        ...

    async def undo(self) -> None:
        """Undo what came after the savepoint."""
        ...

    async def close(self) -> None:
        """Give the connection back."""
        ...


class Connections(Protocol):
    """One database of a kind, by its URL."""

    lanes: int
    """Transactions that run side by side."""
    pace: float
    """Seconds from the begin of a consumer's transaction to its next."""

    async def lane(self) -> Lane:
        """A connection for transactions."""
        ...

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection for reads, on one snapshot."""
        ...

    async def change_schema(
        self, change: Callable[Concatenate[Connection, P], T], *args: P.args, **options: P.kwargs
    ) -> T:
        """Run what changes the schema with SQLAlchemy's synchronous connection."""
        ...

    async def close(self) -> None:
        """Close the connections for reads; lanes are their users'."""
        ...
