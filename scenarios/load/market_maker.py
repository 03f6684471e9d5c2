"""Market makers who quote both sides, and take old quotes back."""

from decimal import Decimal
from typing import ClassVar

from scenarios.load.trader import MOST, Trader

SPREAD = Decimal("0.002")
"""Of the price, on either side."""


class MarketMaker(Trader):
    """Every other request is the other side; above so many it takes the oldest one back."""

    MIX: ClassVar = {"both_sides": 9, "quote": 1}
    side = "buy"

    def both_sides(self) -> None:
        """The next quote, or the end of the oldest one."""
        if len(self.resting) >= MOST:
            self.cancel()
            return
        symbol = self.chance.choice(self.spec.instruments).symbol
        bid, ask = self.prices.get(symbol, (Decimal(0), Decimal(0)))
        if not bid:
            self.quote()
            return
        self.side = "sell" if self.side == "buy" else "buy"
        price = bid * (1 - SPREAD) if self.side == "buy" else ask * (1 + SPREAD)
        self.place(symbol, self.side, price, "day")


USERS = {MarketMaker: 1}
