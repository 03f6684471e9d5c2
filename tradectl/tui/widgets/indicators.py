"""What traders lay over and under a chart, reckoned by talipp as bars come; floats, for they only draw."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from tradectl.tui.widgets.bars import DAY, Bar

Values = list[float | None]
"""One a bar; None where too few bars came before."""


class Line(NamedTuple):
    """A curve with its name (none for one that needs no legend) and ink."""

    name: str
    values: Values
    ink: str


class Indicator(Protocol):
    """What is fed bar by bar, as talipp's are; ``update`` takes the last value back first."""

    output_values: list[Any]

    def add(self, value: Any) -> None:
        """One more."""

    def update(self, value: Any) -> None:
        """The last one anew."""


class Output(NamedTuple):
    """A curve of a study: of its ``source``-th indicator the value, or a part of it."""

    name: str
    ink: str
    source: int = 0
    part: str = ""


@dataclass(frozen=True)
class Study:
    """An indicator that can be chosen; ``levels`` are marked in its pane."""

    name: str
    make: Callable[[], Sequence[Indicator]]
    outputs: Sequence[Output]
    levels: tuple[float, ...] = ()
    feed: Callable[[Bar], Any] = lambda bar: bar.close


class Running:
    """A study that goes on with its bars: a forming bar changes its last value, the next one adds one."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._fed: list[Bar] = []
        self._indicators: Sequence[Indicator] = ()

    def lines(self, bars: Sequence[Bar], shown: slice) -> list[Line]:
        """The curves of all bars, of which only those that are shown are given."""
        self._follow(bars)
        return [Line(each.name, self._values(each, shown), each.ink) for each in self.study.outputs]

    def _follow(self, bars: Sequence[Bar]) -> None:
        """Only the end of the bars has changed, or they are others."""
        fed = self._fed
        if not fed or len(bars) < len(fed) or bars[0] != fed[0] or (len(fed) > 1 and bars[len(fed) - 2] != fed[-2]):
            self._indicators, self._fed = self.study.make(), []
        elif bars[len(fed) - 1] != fed[-1]:
            self._feed("update", bars[len(fed) - 1])
            fed[-1] = bars[len(fed) - 1]
        for bar in bars[len(self._fed) :]:
            self._feed("add", bar)
            self._fed.append(bar)

    def _feed(self, how: str, bar: Bar) -> None:
        for indicator in self._indicators:
            getattr(indicator, how)(self.study.feed(bar))

    def _values(self, output: Output, shown: slice) -> Values:
        found = self._indicators[output.source].output_values[shown]
        if not output.part:
            return found
        return [None if each is None else getattr(each, output.part) for each in found]


class DailyVwap:
    """The mean price by volume since the first bar of each day."""

    def __init__(self) -> None:
        self.output_values: list[float | None] = []
        self._sums: list[tuple[int, float, float]] = []
        """Of each bar its day, and that day's money and volume until it."""

    def add(self, bar: Bar) -> None:
        """One more bar."""
        day = bar.start // DAY
        before = self._sums[-1] if self._sums and self._sums[-1][0] == day else (day, 0.0, 0.0)
        money = before[1] + (bar.high + bar.low + bar.close) / 3 * bar.volume
        volume = before[2] + bar.volume
        self._sums.append((day, money, volume))
        self.output_values.append(money / volume if volume else None)

    def update(self, bar: Bar) -> None:
        """The last bar anew."""
        self._sums.pop()
        self.output_values.pop()
        self.add(bar)


def _talipp(*wanted: tuple[str, Sequence[float]]) -> Callable[[], Sequence[Indicator]]:
    """Makes talipp's indicators; imported when the first one is wanted."""

    def make() -> Sequence[Indicator]:
        from talipp import indicators

        return [getattr(indicators, name)(*arguments) for name, arguments in wanted]

    return make


NOTHING = Study("", list, ())
OVERLAYS = (
    NOTHING,
    Study("SMA", _talipp(("SMA", [20]), ("SMA", [50])), (Output("SMA 20", "first"), Output("SMA 50", "second", 1))),
    Study("EMA", _talipp(("EMA", [12]), ("EMA", [26])), (Output("EMA 12", "first"), Output("EMA 26", "second", 1))),
    Study(
        "BB",
        _talipp(("BB", [20, 2])),
        (Output("BB 20,2", "first", 0, "cb"), Output("", "second", 0, "ub"), Output("", "second", 0, "lb")),
    ),
    Study("VWAP", lambda: [DailyVwap()], (Output("VWAP", "first"),), feed=lambda bar: bar),
)
"""What can lie over the candles, first nothing."""
PANES = (
    NOTHING,
    Study("RSI", _talipp(("RSI", [14])), (Output("RSI 14", "first"),), (30.0, 70.0)),
    Study(
        "MACD",
        _talipp(("MACD", [12, 26, 9])),
        (Output("MACD", "first", 0, "macd"), Output("9", "second", 0, "signal")),
        (0.0,),
    ),
)
"""What can lie in a pane below them."""
