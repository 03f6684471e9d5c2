"""Events of recommendations; the aggregate is the symbol."""

from typing import ClassVar, Literal

from services.contracts.event import Event
from services.contracts.times import rfc3339


class SignalRaised(Event):
    """A strategy saw something on a closed bar: in words, with its numbers, and how it did before."""

    name: ClassVar[str] = "signal_raised"
    producer: ClassVar[str] = "recommendations"
    signal_id: str
    symbol: str
    strategy: Literal["sma_cross", "ema_cross", "rsi", "macd", "bollinger"]
    side: Literal["buy", "sell"]
    strength: int
    """0 to 100."""
    horizon: str
    reason: dict[str, str]
    """The sentence by language (en, ru)."""
    numbers: dict[str, str]
    record: dict[str, str]
    """How often that strategy was right on the stored bars, and over how many signals."""
    bar_start: int
    historical: bool = False

    @property
    def key(self) -> str:
        return self.symbol


def signal_json(signal: SignalRaised) -> dict[str, object]:
    """A signal as the API and the WebSocket show it."""
    return {
        "id": signal.signal_id,
        "symbol": signal.symbol,
        "strategy": signal.strategy,
        "side": signal.side,
        "strength": signal.strength,
        "horizon": signal.horizon,
        "reason": signal.reason,
        "numbers": signal.numbers,
        "record": signal.record,
        "bar_start": rfc3339(signal.bar_start),
        "historical": signal.historical,
    }
