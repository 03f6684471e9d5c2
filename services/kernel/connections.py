"""What the kernel asks of a kind of database: lanes for transactions, connections for reads."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")
P = ParamSpec("P")


LATE = "late"
"""Execution option of a statement whose outcome nobody asks: whether a duplicate says that another was first."""

LAST: Mapping[str, bool] = {"last": True}
"""Execution options of a read that is the only one, or the last one, of its snapshot."""


class Repeat(Exception):
    """Another transaction was first: this one must begin anew to see what that one did."""


class LateFailure(Exception):
    """A statement failed that was put off, after its use case had gone on."""


class Lane(Protocol):
    """A connection on which one transaction follows another."""

    cheap_savepoints: bool
    """They cost less than the chance that use cases have to be repeated without one that failed among them."""

    @property
    def connection(self) -> AsyncConnection:
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
