"""What the routes show, wherever it comes from."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from services.contracts.errors import DomainError
from services.contracts.market import Trade
from services.market_data.domain.symbol import Symbol


@dataclass(frozen=True)
class Sources:
    """The market as the feed has it now, and ways to what is not here yet."""

    symbols: Mapping[str, Symbol]
    stale: Callable[[], bool]
    """Whether the provider is silent."""
    trades: Callable[[str, int, int], Awaitable[list[Trade]]]
    """A symbol's trades after an id, so many at most."""
    fill: Callable[[str], Awaitable[None]]
    """Returns when a symbol's history is stored."""
    filled: Callable[[str], bool]
    """Whether it is."""

    def symbol(self, name: str) -> Symbol:
        """A symbol by its name; 404 for any other."""
        known = self.symbols.get(name)
        if known is None:
            raise DomainError("unknown_symbol", 404, f"there is no instrument {name!r}", field="symbol")
        return known
