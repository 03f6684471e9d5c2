"""Trading days of an instrument by number: 0 is the day on which the market starts, the days before are negative."""

import csv
import gzip
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from random import Random

from sim.feeds.errors import FeedError
from sim.feeds.path import DayBar

Days = Callable[[int], DayBar]

PACKAGE = "bokeh_sampledata"
SINCE, FIRST = "2012-05-18", "2012-08-08"
"""From when on all five shares are listed, and the real day that plays as day 0."""


def real_days(ticker: str, price_scale: int) -> Days:
    """Daily bars of a real share, unadjusted; after the last one, of 2013-03-01, they begin again."""
    rows = _stocks().get(ticker)
    if not rows:
        raise FeedError(f"{PACKAGE} has no daily bars of {ticker}", "run `make setup` again")
    dates = [row[0] for row in rows]
    base = dates.index(FIRST)
    return lambda day: _day_bar(rows[(base + day) % len(rows)], price_scale)


def _day_bar(row: list[str], price_scale: int) -> DayBar:
    unit = 10**price_scale
    opened, high, low, close = (int(float(text) * unit + 0.5) for text in row[1:5])
    return DayBar(opened, max(high, opened, close), min(low, opened, close), close, int(row[5]))


@cache
def _stocks() -> dict[str, list[list[str]]]:
    """Rows (date, open, high, low, close, volume) by ticker. The package is read, never imported: it needs bokeh."""
    spec = find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    path = Path(next(iter(places))) / "_data" / "stocks.csv.gz" if places else None
    if path is None or not path.is_file():
        raise FeedError(f"the daily bars of {PACKAGE} are not installed", "run `make setup`")
    rows: dict[str, list[list[str]]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for ticker, *row in csv.reader(file):
            if row[0] >= SINCE:
                rows.setdefault(ticker, []).append(row)
    return rows


class DrawnDays:
    """Days up to a price at the start, drawn backwards from a seed: about 1.5 % a day."""

    def __init__(self, symbol: str, seed: int, price: int, volume: int, tick: int) -> None:
        self.name = f"{seed}/{symbol}/day"
        self.volume = volume
        self.tick = tick
        self.closes = [price]
        """Of day 0, -1, -2 and so on."""

    def __call__(self, day: int) -> DayBar:
        opened, close = self.close(day - 1), self.close(day)
        rng = Random(f"{self.name}/{day}")
        reach = (opened + close) // 2 // 100
        high = self.on_tick(max(opened, close) + int(rng.random() * reach))
        low = self.on_tick(min(opened, close) - int(rng.random() * reach))
        return DayBar(opened, high, low, close, int(self.volume * (0.6 + 0.8 * rng.random())))

    def close(self, day: int) -> int:
        while len(self.closes) <= -day:
            rng = Random(f"{self.name}/{-len(self.closes)}/close")
            move = (rng.random() + rng.random() + rng.random() - 1.5) * 0.03
            self.closes.append(self.on_tick(int(self.closes[-1] * (1 + move))))
        return self.closes[-day]

    def on_tick(self, price: int) -> int:
        return price // self.tick * self.tick
