"""An instrument as a ticket needs it."""

from dataclasses import dataclass
from decimal import Context, Decimal

from services.contracts import money
from tradectl.desk.market import Instrument

EXACT = Context(prec=96)
"""Of what is reckoned with amounts that are typed: the widest two (36 digits each) multiply without rounding."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Steps, today's band (None before the first price) and what a fill costs; fees are parts of the cost."""

    symbol: str
    currency: str
    tick: Decimal
    lot: Decimal
    price_scale: int
    quantity_scale: int
    reference: Decimal | None
    band: tuple[Decimal, Decimal] | None
    maker_fee: Decimal
    taker_fee: Decimal
    status: str

    @property
    def fee(self) -> Decimal:
        """The highest fee of a fill, which is what an order reserves."""
        return max(Decimal(0), self.maker_fee, self.taker_fee)

    @property
    def minor(self) -> Decimal:
        """The currency's smallest unit."""
        return Decimal(1).scaleb(-money.CURRENCY_SCALES[self.currency])


def listing_of(instrument: Instrument) -> Listing:
    """The instrument as a ticket needs it."""
    band = instrument.price_band
    return Listing(
        symbol=instrument.symbol,
        currency=instrument.currency,
        tick=instrument.tick,
        lot=instrument.lot,
        price_scale=instrument.price_scale,
        quantity_scale=instrument.quantity_scale,
        reference=instrument.reference_price,
        band=(band.low, band.high) if band else None,
        maker_fee=instrument.maker_fee,
        taker_fee=instrument.taker_fee,
        status=instrument.status,
    )
