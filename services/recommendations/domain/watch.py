"""One symbol under five strategies, bar by bar."""

from collections.abc import Iterable

from services.contracts.market import Bar
from services.recommendations.domain.strategies import STRATEGIES, Name

KEPT = 12_000
"""Bars that records are made from: more than a month of five minutes."""


class Watch:
    """The strategies' state after the bars it was given; a bar that is not newer than the last is ignored."""

    def __init__(self, price_scale: int, bars: Iterable[Bar] = ()) -> None:
        self.price_scale = price_scale
        self.bars: list[Bar] = []
        self._strategies = {name: make() for name, make in STRATEGIES.items()}
        for bar in bars:
            self.add(bar)

    def add(self, bar: Bar) -> list[Name]:
        """The strategies that see something on the next closed bar."""
        if self.bars and bar.start <= self.bars[-1].start:
            return []
        self.bars.append(bar)
        del self.bars[:-KEPT]
        close = bar.close / 10.0**self.price_scale
        return [name for name, strategy in self._strategies.items() if strategy.add(close) is not None]
