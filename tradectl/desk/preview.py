"""What an order would cost before it is placed, reckoned as the order service reserves; Decimal alone.

A buy is held at the worst price it may be filled at (its limit, else the band's upper edge) with the highest fee; a
sell brings its limit's worth, else the reference price's.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext

from tradectl.desk.listing import EXACT, Listing
from tradectl.desk.ticket import Terms


@dataclass(frozen=True, kw_only=True)
class Preview:
    """In the instrument's currency, on its minor unit.

    ``after`` is what stays free of it; ``short`` whether what pays for the order (money of a buy, shares of a sell)
    is not there.
    """

    cost: Decimal
    fee: Decimal
    currency: str
    after: Decimal
    short: bool

    @property
    def total(self) -> Decimal:
        """Cost and fee."""
        return self.cost + self.fee


@dataclass(frozen=True, kw_only=True)
class Means:
    """What is free: money of the instrument's currency, and shares; with what a replaced order gives back."""

    cash: Decimal
    shares: Decimal


def preview(terms: Terms, listing: Listing, means: Means) -> Preview:
    """Cost, fee and buying power after it; of an order that is replaced, of what is left of it."""
    with localcontext(EXACT):
        cost = up(price(terms, listing) * terms.quantity, listing.minor)
        fee = up(cost * listing.fee, listing.minor)
        after = means.cash - cost - fee
    if terms.side == "sell":
        short = terms.quantity > means.shares
        return Preview(cost=cost, fee=fee, currency=listing.currency, after=means.cash, short=short)
    return Preview(cost=cost, fee=fee, currency=listing.currency, after=after, short=after < 0)


def price(terms: Terms, listing: Listing) -> Decimal:
    """The price that the cost is reckoned at; zero while there is none."""
    if terms.limit_price is not None:
        return terms.limit_price
    if terms.side == "buy":
        return listing.band[1] if listing.band else Decimal(0)
    return listing.reference or Decimal(0)


def up(amount: Decimal, unit: Decimal) -> Decimal:
    """Onto the unit, upwards: what must be there for it."""
    return amount.quantize(unit, ROUND_CEILING)


def most(terms: Terms, listing: Listing, means: Means) -> Decimal:
    """The largest quantity that the account can pay for at these prices, on lot."""
    at = price(terms, listing)
    with localcontext(EXACT):
        if terms.side == "sell":
            return means.shares // listing.lot * listing.lot
        if at <= 0 or means.cash <= 0:
            return Decimal(0)
        lots = means.cash // (at * (1 + listing.fee) * listing.lot)
    while lots > 0 and preview(with_quantity(terms, lots * listing.lot), listing, means).short:
        lots -= 1  # both amounts are rounded up: once or twice at most
    return lots * listing.lot


def with_quantity(terms: Terms, quantity: Decimal) -> Terms:
    """The same at another quantity."""
    return Terms(side=terms.side, quantity=quantity, limit_price=terms.limit_price, stop_price=terms.stop_price)
