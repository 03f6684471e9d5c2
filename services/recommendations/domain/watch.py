"""One symbol under five strategies, bar by bar."""

from collections.abc import Iterable

from services.recommendations.domain.record import Close, Past, judged
from services.recommendations.domain.strategies import STRATEGIES, Name, Sighting

KEPT = 12_000
"""Bars that records are made from: more than a month of five minutes."""


class Watch:
    """The strategies' state after the bars it was given, and all that they saw on them.

    A bar that is not newer than the last is ignored.
    """

    def __init__(self, symbol: str, price_scale: int, bars: Iterable[Close] = ()) -> None:
        self.symbol = symbol
        self.bars: list[Close] = []
        self._unit = 10.0**price_scale
        self._strategies = {name: make() for name, make in STRATEGIES.items()}
        self._seen: dict[Name, list[tuple[int, Sighting]]] = {name: [] for name in STRATEGIES}
        """What each strategy saw, with the place of its bar."""
        for bar in bars:
            self.add(bar)

    @property
    def last(self) -> int:
        """When the last bar started; -1 before the first."""
        return self.bars[-1].start if self.bars else -1

    def add(self, bar: Close) -> list[Name]:
        """The strategies that see something on the next closed bar."""
        if bar.start <= self.last:
            return []
        self.bars.append(bar)
        if len(self.bars) > KEPT:
            self._forget(len(self.bars) - KEPT // 2)
        close, place = bar.close / self._unit, len(self.bars) - 1
        sightings = {name: strategy.add(close) for name, strategy in self._strategies.items()}
        seen = [(name, sighting) for name, sighting in sightings.items() if sighting is not None]
        for name, sighting in seen:
            self._seen[name].append((place, sighting))
        return [name for name, _ in seen]

    def past(self, name: Name) -> list[Past]:
        """Every signal that the strategy saw on these bars, oldest first."""
        bars = self.bars
        return [Past(bars[place], sighting, judged(bars, place, sighting)) for place, sighting in self._seen[name]]

    def _forget(self, oldest: int) -> None:
        del self.bars[:oldest]
        for name, seen in self._seen.items():
            self._seen[name] = [(place - oldest, sighting) for place, sighting in seen if place >= oldest]
