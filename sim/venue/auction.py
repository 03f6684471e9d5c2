"""At which price an auction trades: the one at which most changes hands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

Sizes = Mapping[int, int]
"""Quantities by the worst price that their owners accept."""


@dataclass(frozen=True, slots=True)
class Cross:
    """``surplus`` is what more would be bought than sold at this price; below zero the other way round."""

    price: int
    quantity: int
    surplus: int


def cross(bids: Sizes, asks: Sizes, reference: int) -> Cross | None:
    """The price of the greatest volume, one that somebody named or the reference; None where nobody meets anybody.

    Of several the one with the smallest surplus; of several such the highest at which there is more to buy, or the
    lowest at which there is more to sell: nobody who accepts a better price is left out. Then the one nearest to the
    reference.
    """
    prices = sorted({*bids, *asks, reference})
    all_of_them = [each for each in _crosses(bids, asks, prices) if each.quantity]
    if not all_of_them:
        return None
    most = max(each.quantity for each in all_of_them)
    largest = [each for each in all_of_them if each.quantity == most]
    least = min(abs(each.surplus) for each in largest)
    tied = [each for each in largest if abs(each.surplus) == least]
    dear, cheap = [each for each in tied if each.surplus > 0], [each for each in tied if each.surplus < 0]
    even = [each for each in tied if not each.surplus]
    return min(even or [*dear[-1:], *cheap[:1]], key=lambda each: (abs(each.price - reference), each.price))


def _crosses(bids: Sizes, asks: Sizes, prices: list[int]) -> Iterable[Cross]:
    supply = list(accumulate(asks.get(price, 0) for price in prices))
    demand = list(accumulate(bids.get(price, 0) for price in reversed(prices)))[::-1]
    for price, bought, sold in zip(prices, demand, supply, strict=True):
        yield Cross(price, min(bought, sold), bought - sold)
