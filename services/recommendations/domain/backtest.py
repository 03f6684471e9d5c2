"""What a strategy would have earned: all the money in at a signal to buy, all of it out at a signal to sell.

A signal is seen at a bar's close and filled at the next bar's open, so that nothing is known before its time. What
is money here is exact; only the strategies reckon in floats.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from services.contracts import money
from services.contracts.clock import MINUTE
from services.contracts.instruments import Instrument
from services.recommendations.domain.record import Candle
from services.recommendations.domain.strategies import STRATEGIES, Name, Side

LENGTH = 5 * MINUTE
CAPITAL = 100_000
"""Whole units of the instrument's currency that each backtest begins with."""


class Fill(NamedTuple):
    """A market order, filled when its bar opened; cost and fee in minor units."""

    time: int
    price: int
    cost: int
    fee: int


class Trip(NamedTuple):
    """What was bought with all the money, and how it was sold again; not yet, of the last one perhaps."""

    quantity: int
    bought: Fill
    sold: Fill | None = None

    @property
    def profit(self) -> int | None:
        """After both fees, minor units."""
        return self.sold and self.sold.cost - self.sold.fee - self.bought.cost - self.bought.fee


class Point(NamedTuple):
    """What all is worth when a bar closes, minor units."""

    time: int
    equity: int


@dataclass
class Trial:
    """Takes bars one after the other; those before ``since`` only make the strategy's indicators."""

    name: Name
    terms: Instrument
    since: int
    trips: list[Trip] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    signals: int = 0
    opened: int = 0
    """Price at which the first bar opened."""
    closed: int = 0
    """Price at which the last one closed."""
    drawdown: tuple[int, int] = (0, 1)
    """The deepest fall of the equity, and the height that it fell from."""

    def __post_init__(self) -> None:
        self._strategy = STRATEGIES[self.name]()
        self._unit = 10.0**self.terms.price_scale
        self.capital = self.cash = CAPITAL * 10 ** money.CURRENCY_SCALES[self.terms.currency]
        self._peak = self.capital
        self._wanted: Side | None = None
        """What the bar before has signalled."""

    @property
    def held(self) -> int:
        """Units of the instrument."""
        return self.trips[-1].quantity if self.trips and self.trips[-1].sold is None else 0

    @property
    def hold(self) -> tuple[int, int]:
        """What the price has gained, and from where on."""
        return self.closed - self.opened, self.opened or 1

    def add(self, bar: Candle) -> None:
        """The next bar: what was signalled is filled at its open, then its close is seen."""
        wanted, self._wanted = self._wanted, None
        if wanted == "buy" and not self.held:
            self._buy(bar)
        elif wanted == "sell" and self.held:
            self._sell(bar)
        sighting = self._strategy.add(bar.close / self._unit)
        if bar.start < self.since:
            return
        if sighting is not None:
            self.signals += 1
            self._wanted = sighting.side
        self.opened, self.closed = self.opened or bar.open, bar.close
        self._mark(Point(bar.start + LENGTH, self.cash + self._cost(self.held, bar.close)))

    def _buy(self, bar: Candle) -> None:
        quantity = affordable(self.cash, bar.open, self.terms)
        if quantity:
            fill = self._fill(bar, quantity)
            self.cash -= fill.cost + fill.fee
            self.trips.append(Trip(quantity, fill))

    def _sell(self, bar: Candle) -> None:
        trip = self.trips[-1]
        fill = self._fill(bar, trip.quantity)
        self.cash += fill.cost - fill.fee
        self.trips[-1] = trip._replace(sold=fill)

    def _fill(self, bar: Candle, quantity: int) -> Fill:
        cost = self._cost(quantity, bar.open)
        return Fill(bar.start, bar.open, cost, money.fee(cost, self.terms.taker_fee_ppm))

    def _cost(self, quantity: int, price: int) -> int:
        return money.cost(quantity * price, self.terms.value_scale, self.terms.currency)

    def _mark(self, point: Point) -> None:
        self.points.append(point)
        self._peak = max(self._peak, point.equity)
        fall, height = self.drawdown
        if (self._peak - point.equity) * height > fall * self._peak:
            self.drawdown = (self._peak - point.equity, self._peak)


def affordable(cash: int, price: int, terms: Instrument) -> int:
    """Most units on lot that an amount of cash pays for, fee included."""
    minor = money.CURRENCY_SCALES[terms.currency]
    value = cash * money.PPM * 10 ** max(terms.value_scale - minor, 0) // (money.PPM + terms.taker_fee_ppm)
    quantity: int = value // (price * 10 ** max(minor - terms.value_scale, 0))
    quantity -= quantity % terms.lot
    while quantity > 0:
        cost = money.cost(quantity * price, terms.value_scale, terms.currency)
        if cost + money.fee(cost, terms.taker_fee_ppm) <= cash:
            return quantity
        quantity -= terms.lot
    return 0


def hit_rate(trips: Sequence[Trip]) -> tuple[int, int] | None:
    """How many of the trips that ended have earned something, and of how many; none where none ended."""
    profits = [trip.profit for trip in trips if trip.profit is not None]
    return (sum(profit > 0 for profit in profits), len(profits)) if profits else None


def thinned(points: Sequence[Point], most: int) -> list[Point]:
    """Points at even distances, the last one among them: no more than so many."""
    step = -(-len(points) // most) or 1
    return list(reversed(points[::-1][::step]))
