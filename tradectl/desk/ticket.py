"""A draft order as its fields are typed: what would refuse it, field by field, and what is sent.

The order service has the last word (POST /orders/preview and /orders); these are its rules, so that a trader is told
at the keystroke. Its codes are kept, so that one table of words serves both.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import cast, get_args

from services.contracts import money
from services.contracts.orders import OrderType, Side, TimeInForce
from tradectl.desk.account import Order
from tradectl.desk.listing import EXACT, Listing

PRICED: Mapping[OrderType, tuple[str, ...]] = {
    "market": (),
    "limit": ("limit_price",),
    "stop": ("stop_price",),
    "stop_limit": ("limit_price", "stop_price"),
}
TYPES: tuple[OrderType, ...] = get_args(OrderType)
TIMES_IN_FORCE: tuple[TimeInForce, ...] = get_args(TimeInForce)
PRICES = ("limit_price", "stop_price")
SHUT = {"halted": "halted", "closed": "market_closed"}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is typed so far; a price that the type has no use for may stay in its field and is not sent."""

    symbol: str
    side: Side = "buy"
    type: OrderType = "limit"
    tif: TimeInForce = "day"
    quantity: str = ""
    limit_price: str = ""
    stop_price: str = ""

    @property
    def prices(self) -> dict[str, str]:
        """Those that its type has, as typed."""
        return {name: getattr(self, name).strip() for name in PRICED[self.type]}

    @property
    def body(self) -> dict[str, str]:
        """Of POST /orders, but for the client_order_id."""
        return {
            "symbol": self.symbol,
            "side": self.side,
            "type": self.type,
            "tif": self.tif,
            "quantity": self.quantity.strip(),
            **self.prices,
        }


@dataclass(frozen=True)
class Refusal:
    """Why a field cannot stay so; ``code`` is the order service's, ``about`` has what a sentence on it names."""

    field: str
    code: str
    about: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """A draft whose fields are numbers at the instrument's scales."""

    side: Side
    quantity: Decimal
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None


def number(text: str, scale: int) -> Decimal | None:
    """What is typed, if it is a decimal number with no more decimals than the scale; signs and zeros are."""
    try:
        return Decimal(money.parse(text.strip(), scale)).scaleb(-scale, EXACT)
    except ValueError:
        return None


def terms(draft: Draft, listing: Listing) -> Terms | None:
    """The draft in numbers; None while a field is missing or is none above zero."""
    quantity = number(draft.quantity, listing.quantity_scale)
    prices = {name: number(text, listing.price_scale) for name, text in draft.prices.items()}
    if quantity is None or quantity <= 0 or not all(price is not None and price > 0 for price in prices.values()):
        return None
    return Terms(side=draft.side, quantity=quantity, **prices)


def refusals(draft: Draft, listing: Listing, filled: Decimal = Decimal(0)) -> tuple[Refusal, ...]:
    """Everything that refuses the draft but for what only the account's books know, at most one a field.

    ``filled`` is what an order that is to be replaced has traded: its quantity must stay above that.
    """
    found: dict[str, Refusal] = {}
    with localcontext(EXACT):
        for refusal in _all(draft, listing, filled):
            found.setdefault(refusal.field, refusal)
    return tuple(found.values())


def _all(draft: Draft, listing: Listing, filled: Decimal) -> Iterator[Refusal]:
    yield from _of_market(listing)
    yield from _of_quantity(draft.quantity.strip(), listing, filled)
    for name, text in draft.prices.items():
        yield from _of_price(name, text, listing)


def _of_market(listing: Listing) -> Iterator[Refusal]:
    if listing.status in SHUT:
        yield Refusal("symbol", SHUT[listing.status], {"symbol": listing.symbol})
    if listing.band is None:
        yield Refusal("symbol", "no_reference_price", {"symbol": listing.symbol})


def _of_quantity(text: str, listing: Listing, filled: Decimal) -> Iterator[Refusal]:
    if not text:
        yield Refusal("quantity", "quantity_required")
        return
    if not money.DECIMAL.fullmatch(text):
        yield Refusal("quantity", "not_a_number")
        return
    given = Decimal(text)
    if given <= filled:
        yield Refusal("quantity", "invalid_quantity", {"above": plain(filled)})
    if given % listing.lot:
        yield Refusal("quantity", "off_lot", {"step": plain(listing.lot)})


def _of_price(name: str, text: str, listing: Listing) -> Iterator[Refusal]:
    if not text:
        yield Refusal(name, "price_required")
        return
    if not money.DECIMAL.fullmatch(text):
        yield Refusal(name, "not_a_number")
        return
    given = Decimal(text)
    if given % listing.tick:
        yield Refusal(name, "off_tick", {"step": plain(listing.tick)})
    if listing.band and not listing.band[0] <= given <= listing.band[1]:
        low, high = listing.band
        yield Refusal(name, "outside_band", {"low": plain(low), "high": plain(high)})


def plain(amount: Decimal) -> str:
    """A decimal without an exponent."""
    return f"{amount:f}"


def draft_of(order: Order) -> Draft:
    """An order that is there, to be changed."""
    return Draft(
        symbol=order.symbol,
        side=cast(Side, order.side),
        type=cast(OrderType, order.type),
        tif=cast(TimeInForce, order.tif),
        quantity=plain(order.quantity),
        limit_price="" if order.limit_price is None else plain(order.limit_price),
        stop_price="" if order.stop_price is None else plain(order.stop_price),
    )


def edit(order: Order, draft: Draft) -> dict[str, str]:
    """Of PATCH /orders/{id}: only what the draft changes in number, so nothing where it changes nothing."""
    typed = {"quantity": draft.quantity.strip(), **draft.prices}
    return {name: text for name, text in typed.items() if Decimal(text) != getattr(order, name)}


def stepped(text: str, step: Decimal, times: int, start: Decimal) -> str:
    """The number typed, moved by steps and put onto them, never below one step; ``start`` where none is typed."""
    if not money.DECIMAL.fullmatch(text.strip()):
        return plain(start)
    with localcontext(EXACT):
        return plain(max((Decimal(text.strip()) // step + times) * step, step))
