"""All agents of one symbol, acting together four times a second."""

from collections.abc import Iterable
from typing import Any, Self

from services.contracts.clock import DAY
from sim.feeds.agents.makers import Maker, ladder
from sim.feeds.agents.takers import Momentum, Noise
from sim.feeds.floor import Floor
from sim.feeds.streams import Stream

STEP = 250_000
"""Microseconds of market time between two acts."""
FINE = 1_000
"""Parts of a price unit in which the fair value is kept."""
MAKERS, NOISES, MOMENTUMS = 3, 3, 2
IMPACT = 80
"""Millionths of the price by which the median trade moves the fair value, or a tick and a half where that is more."""
STILL = 100_000
"""Quotes stay while the value moves by less than this part of the price, or half a tick."""
NEWS, SURPRISE = 12, 160
"""Steps between two pieces of news, on average, and how far one moves the price at most, in millionths."""
LASTING = 8
"""What one part in so many of a trade's impact moves for good; the rest fades."""
FADE, HOME = 8, 18
"""The impact fades, and the price comes back to the day's reference, within about 2**n steps."""


class Crowd:
    """``value`` is what the makers take for fair; trades move it, so a user's order does too. It returns to ``anchor``,

    which news and a part of the trades move.
    """

    kind = "agents"

    def __init__(self, symbol: str, *, seed: int, price: int, trade: int, start: int) -> None:
        def stream(agent: str) -> Stream:
            return Stream(f"{seed}/{symbol}/{agent}")

        self.trade = trade
        self.value = self.anchor = price * FINE
        self.next = start
        self.news = stream("news")
        self.makers = [Maker(number, stream(f"maker {number}")) for number in range(MAKERS)]
        self.noises = [Noise(stream(f"noise {number}")) for number in range(NOISES)]
        self.momentums = [Momentum(stream(f"momentum {number}"), self.value) for number in range(MOMENTUMS)]
        self.gap = 2
        """Between the makers' best bid and ask, in ticks."""
        self.quoted = 0
        """The value that the orders in the book stand around; 0 when there are none."""
        self.counted = -1
        """The market's trades at the last look at what the makers sold; -1 before the first."""

    def due(self) -> int | None:
        return self.next

    def play(self, floor: Floor, until: int) -> None:
        while self.next <= until:
            floor.time = self.next
            self.next += STEP
            floor.line = self.next % DAY // STEP
            if floor.trading:
                self.act(floor)

    def act(self, floor: Floor) -> None:
        if self.quoted:
            self.take(floor)
        self.think(floor)
        self.requote(floor)

    def take(self, floor: Floor) -> None:
        for noise in self.noises:
            noise.act(floor, self.trade)
        for momentum in self.momentums:
            momentum.act(floor, self.trade, self.value, 4 * self.impact(floor))

    def think(self, floor: Floor) -> None:
        """Move the fair value: by what was bought and sold, and towards the anchor, which news move."""
        push = self.push(floor) if floor.trades != self.counted else 0
        if self.news.once_in(NEWS):
            reach = self.value * SURPRISE // 1_000_000
            self.anchor += self.news.below(2 * reach + 1) - reach
            self.gap = 1 + self.news.below(3)
        self.anchor += push // LASTING + ((floor.reference * FINE - self.anchor) >> HOME)
        self.value += push + ((self.anchor - self.value) >> FADE)

    def push(self, floor: Floor) -> int:
        """How far it moves by what was bought and sold since the last look."""
        self.counted = floor.trades
        sold, limit = sum([maker.sold() for maker in self.makers]), 8 * self.trade
        return self.impact(floor) * max(min(sold, limit), -limit) // self.trade

    def impact(self, floor: Floor) -> int:
        """Of the median trade on the fair value."""
        return max(self.value * IMPACT // 1_000_000, floor.instrument.tick * FINE * 3 // 2)

    def requote(self, floor: Floor) -> None:
        """Old prices go first, then new ones are put, so that makers do not trade with each other."""
        tick = floor.instrument.tick
        if abs(self.value - self.quoted) < max(tick * FINE // 2, self.value // STILL) and not self.thin:
            return
        self.quoted = self.value
        best = self.value // FINE // tick * tick
        step = max(best // 50_000 // tick, 1) * tick
        gap = tick * self.gap
        bids = [ladder(best - number * tick, -step) for number in range(MAKERS)]
        asks = [ladder(best + gap + number * tick, step) for number in range(MAKERS)]
        for maker, below, above in zip(self.makers, bids, asks, strict=True):
            maker.leave(floor, buy=True, wanted=set(below))
            maker.leave(floor, buy=False, wanted=set(above))
        for maker, below, above in zip(self.makers, bids, asks, strict=True):
            maker.stand(floor, buy=True, wanted=below, trade=self.trade)
            maker.stand(floor, buy=False, wanted=above, trade=self.trade)

    @property
    def thin(self) -> bool:
        return any(maker.thin for maker in self.makers)

    def withdrawn(self) -> None:
        self.quoted = 0
        for maker in self.makers:
            maker.forget()

    def skip(self, moment: int) -> None:
        self.next = max(self.next, moment)

    def streams(self) -> Iterable[Stream]:
        yield self.news
        yield from (noise.stream for noise in self.noises)
        yield from (momentum.stream for momentum in self.momentums)

    def save(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "anchor": self.anchor,
            "gap": self.gap,
            "quoted": self.quoted,
            "next": self.next,
            "streams": [stream.state for stream in self.streams()],
            "makers": [maker.save() for maker in self.makers],
            "averages": [(momentum.fast, momentum.slow) for momentum in self.momentums],
        }

    def load(self, state: dict[str, Any], floor: Floor, /) -> Self:
        self.value, self.anchor, self.gap = state["value"], state["anchor"], state["gap"]
        self.quoted, self.next = state["quoted"], state["next"]
        for stream, word in zip(self.streams(), state["streams"], strict=True):
            stream.state = word
        for maker, saved in zip(self.makers, state["makers"], strict=True):
            maker.load(saved)
        for momentum, averages in zip(self.momentums, state["averages"], strict=True):
            momentum.fast, momentum.slow = averages
        for agent, buy, order in floor.standings():
            maker = self.makers[agent]
            (maker.bids if buy else maker.asks)[order.price] = order
        return self

    def facts(self) -> dict[str, Any]:
        return {"kind": self.kind, "file": "", "line": self.next % DAY // STEP, "skipped": 0}
