"""The symbols that a user watches, in his own order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.contracts.errors import DomainError


@dataclass(frozen=True, kw_only=True, slots=True)
class Watchlist:
    """``changed`` is wall time in microseconds; None where the user has never chosen."""

    symbols: tuple[str, ...] = ()
    changed: int | None = None


def check(symbols: Sequence[str], known: Collection[str], most: int) -> None:
    """Refuse too many, one twice, and what is no instrument; the field says which."""
    if len(symbols) > most:
        raise DomainError("too_many_symbols", 422, f"{most} symbols are the most", field="symbols")
    for index, symbol in enumerate(symbols):
        if symbol in symbols[:index]:
            raise DomainError("duplicate_symbol", 422, f"{symbol} is there twice", field=f"symbols.{index}")
        if symbol not in known:
            raise DomainError("unknown_symbol", 422, f"no instrument is called {symbol}", field=f"symbols.{index}")
