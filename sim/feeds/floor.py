"""What a feed sees of a market and may do there; and what the venue asks of a feed."""

from collections.abc import Iterable
from typing import Any, Protocol, Self

from services.contracts.instruments import Instrument


class Side(Protocol):
    """Bids or asks: visible sizes by price."""

    sizes: dict[int, int]

    def best(self) -> int | None: ...

    def shown(self, price: int) -> int: ...

    def show(self, price: int, size: int) -> None: ...

    def update(self, pairs: Iterable[tuple[int, int]]) -> None: ...

    def top(self, price: int, size: int) -> None: ...

    def replace(self, sizes: dict[int, int]) -> None: ...


class Standing(Protocol):
    """An agent's order in the book; ``leaves`` falls as it trades."""

    price: int
    size: int
    leaves: int


class Floor(Protocol):
    """One symbol's market from the feed's side."""

    instrument: Instrument
    reference: int
    line: int
    time: int

    @property
    def bids(self) -> Side: ...

    @property
    def asks(self) -> Side: ...

    @property
    def last(self) -> int | None: ...

    @property
    def trades(self) -> int:
        """How many there were: while it stays, nobody's order is filled."""

    @property
    def trading(self) -> bool: ...

    def printed(self, price: int, quantity: int, *, buy: bool) -> None:
        """A trade that happened in the feed's market."""

    def uncross(self) -> None:
        """To be called when levels were shown: users whom they reach trade."""

    def quote(self, agent: int, price: int, quantity: int, *, buy: bool) -> Standing | None:
        """An agent's limit order; None when nothing of it is left standing."""

    def lift(self, quantity: int, *, buy: bool, edge: int | None = None) -> int:
        """An agent's order at market, down to a price; what it got."""

    def drop(self, standing: Any, *, buy: bool) -> None:
        """Take an agent's order back."""

    def standings(self) -> Iterable[tuple[int, bool, Standing]]:
        """Agents' orders in the book: the agent's number, whether it buys, the order."""

    def withdraw_feed(self) -> None:
        """Take away everything but users' orders."""

    def halt(self) -> None:
        """Nothing will come any more."""

    def mark(self, what: str) -> None:
        """Leave a mark where the market does not simply go on: a handover, a loop, an end."""


class Feed(Protocol):
    """Plays one symbol. All that it does follows from its beginning and its state, never from the wall clock."""

    @property
    def kind(self) -> str: ...

    def due(self) -> int | None:
        """Market time of what comes next; None when nothing does."""

    def play(self, floor: Floor, until: int) -> None:
        """Do all that is due up to a moment."""

    def skip(self, moment: int) -> None:
        """Market time jumped to a moment: go on there."""

    def withdrawn(self) -> None:
        """The market closed and took away all that the feed showed there."""

    def save(self) -> dict[str, Any]:
        """Where it stands, as plain data."""

    def load(self, state: dict[str, Any], floor: Floor, /) -> Self:
        """Stand where it stood, in a market that is as it was."""

    def facts(self) -> dict[str, Any]:
        """For people: file, line, skipped lines and such."""
