"""Alerts: the level that each waits for, and what becomes of it when a price gets there.

An alert that is armed waits for its threshold. One that re-arms then waits for the price to go back a little, so that
a price which stays at the threshold fires once and not at each tick.
"""

from typing import Literal

import msgspec
from msgspec.structs import replace

from services.contracts import money
from services.contracts.market import Bar, Quote

Condition = Literal["price_above", "price_below", "change_above", "change_below"]
Repeat = Literal["once", "rearm"]
Watch = Literal["price_up", "price_down", "change_up", "change_down"]
PER_CENT_SCALE = 2
"""Changes are in hundredths of a per cent of the day's reference price."""
WHOLE = 10_000
"""Of these, in the reference price."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """``threshold``, ``rearm_at`` and ``level`` are prices at the scale, or hundredths of a per cent."""

    alert_id: str
    user_id: str
    symbol: str
    currency: str
    price_scale: int
    condition: Condition
    threshold: int
    rearm_at: int
    """Where the price must have been again before it may fire once more."""
    repeat: Repeat
    created: int
    """Market time, microseconds."""
    armed: bool
    watch: Watch | None
    """What it waits for: a rise or a fall to ``level``; nothing once it is done."""
    level: int
    since: int
    """From when on it waits for that (market time): what was before does not count."""
    fired: int | None = None
    """When last (market time)."""
    fires: int = 0

    @property
    def scale(self) -> int:
        """Decimals of the threshold."""
        return self.price_scale if self.condition.startswith("price") else PER_CENT_SCALE


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What is seen of a symbol: the prices at or since a market time, and the day's change where that is known."""

    symbol: str
    time: int
    high: int
    low: int
    rise: int | None = None
    """Rounded down, so that it is a level which was truly reached; ``fall`` is rounded up."""
    fall: int | None = None
    whole: bool = False
    """A whole bar, of which nobody knows what was first: it fires, and arms nothing again."""


def watched(condition: Condition, *, armed: bool) -> Watch:
    """Armed it waits for the price to come to its threshold, else for it to go back."""
    kind, _, side = condition.partition("_")
    rises = (side == "above") == armed
    if kind == "price":
        return "price_up" if rises else "price_down"
    return "change_up" if rises else "change_down"


def back_from(condition: Condition, threshold: int, hundredths: int) -> int:
    """How far back arms an alert again: hundredths of a per cent of the price, or of the reference."""
    step = max(1, threshold * hundredths // WHOLE) if condition.startswith("price") else hundredths
    return threshold - step if condition.endswith("above") else threshold + step


def reached(alert: Alert, time: int) -> Alert:
    """The alert after the price was where it waits for it."""
    if not alert.armed:
        return turned(alert, time, armed=True)
    fired = replace(alert, fired=time, fires=alert.fires + 1)
    if alert.repeat == "rearm":
        return turned(fired, time, armed=False)
    return replace(fired, armed=False, watch=None, since=time)


def turned(alert: Alert, time: int, *, armed: bool) -> Alert:
    """The alert as it waits from now on."""
    watch = watched(alert.condition, armed=armed)
    level = alert.threshold if armed else alert.rearm_at
    return replace(alert, armed=armed, watch=watch, level=level, since=time)


def sight_of_quote(quote: Quote) -> Sight | None:
    """The last price and its change over the reference; nothing before the first trade."""
    if quote.last is None:
        return None
    rise = fall = None
    if quote.previous_close:
        change = (quote.last - quote.previous_close) * WHOLE
        rise, fall = change // quote.previous_close, -(-change // quote.previous_close)
    return Sight(symbol=quote.symbol, time=quote.time, high=quote.last, low=quote.last, rise=rise, fall=fall)


def sight_of_bar(bar: Bar) -> Sight | None:
    """A minute's highest and lowest price, for what no quote has shown."""
    if bar.interval != "1m" or bar.historical:
        return None
    return Sight(symbol=bar.symbol, time=bar.start, high=bar.high, low=bar.low, whole=True)


def facts_of(alert: Alert, sight: Sight) -> dict[str, str]:
    """What a message about a firing says."""
    above = alert.condition.endswith("above")
    change = sight.rise if above else sight.fall
    return {
        "symbol": alert.symbol,
        "currency": alert.currency,
        "price": money.text(sight.high if above else sight.low, alert.price_scale),
        "change": "" if change is None else money.text(change, PER_CENT_SCALE),
        "threshold": money.text(alert.threshold, alert.scale),
    }
