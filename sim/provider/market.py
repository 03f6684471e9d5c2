"""What the provider needs of the venue."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from services.contracts.instruments import Instrument
from services.contracts.market import Bar, BookSnapshot, MarketMessage, Trade

Listener = Callable[[Sequence[MarketMessage]], None]
Drained = Callable[[], Awaitable[None]]


class Market(Protocol):
    """The venue's Exchange, as far as it is public."""

    @property
    def instruments(self) -> Mapping[str, Instrument]: ...

    def on_market(self, listener: Listener, drained: Drained | None = None) -> None: ...

    def snapshot(self, symbol: str) -> BookSnapshot: ...

    def reference(self, symbol: str) -> int: ...

    def trades_after(self, symbol: str, trade_id: int, limit: int) -> Sequence[Trade]: ...

    def bars(self, symbol: str, start: int, end: int) -> Sequence[Bar]: ...
