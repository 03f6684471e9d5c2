"""The venue's door for the broker and the provider: commands in, executions and market messages out."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from services.contracts.clock import Clock
from services.contracts.instruments import Instrument
from services.contracts.market import Bar, BookSnapshot, MarketMessage, Trade
from sim.venue.orders import Command, Execution

URL = "memory://venue"

Listener = Callable[[Sequence[MarketMessage]], None]
Drained = Callable[[], Awaitable[None]]
Within = Callable[[sqlite3.Connection], None]


class ExecutionSink(Protocol):
    """Who carries executions out of the venue: the broker."""

    def prepare(self, connection: sqlite3.Connection, executions: Sequence[Execution]) -> None:
        """Inside the journal's transaction: write what must be durable before anything leaves."""

    def release(self) -> None:
        """After the commit: what was prepared may leave."""


class Exchange:
    """Matches in memory, writes one journal transaction, then releases reports and market messages."""

    instruments: Mapping[str, Instrument]
    clock: Clock

    async def execute(self, commands: Sequence[Command], within: Within | None = None) -> None:
        """Apply the commands in order; ``within`` writes into the same transaction (also without any command).

        Returns when all is durable and released. An error of the journal ends the host: memory is ahead of it.
        """

    def on_executions(self, sink: ExecutionSink) -> None:
        """Name the one sink; it gets every execution, those caused by the feed too."""

    def on_market(self, listener: Listener, drained: Drained | None = None) -> None:
        """Hear market messages in batches, ordered per symbol. A feed at full speed waits for ``drained``."""

    def journal(self) -> sqlite3.Connection:
        """The journal's connection, on which the broker makes its tables and reads them."""

    def snapshot(self, symbol: str) -> BookSnapshot:
        """The visible book as of the last message sent."""

    def reference(self, symbol: str) -> int:
        """The price that today's band stands around: the close before today's session."""

    def trades_after(self, symbol: str, trade_id: int, limit: int = 1000) -> list[Trade]:
        """The tape after a trade's id, oldest first; seq and prev_seq are 0 here."""

    def bars(self, symbol: str, start: int, end: int) -> list[Bar]:
        """One-minute bars of the thirty days behind the market's start, with start <= bar.start < end."""

    def executions_since(self, number: int, limit: int = 1000) -> list[Execution]:
        """The venue's record after an execution's number, in order."""

    def open_orders(self, sender: str) -> list[Execution]:
        """How each open order of a sender stands, as executions of kind ``status``."""
