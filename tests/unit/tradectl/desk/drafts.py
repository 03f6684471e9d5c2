"""Listings and drafts to test with, of the instruments that the services' tests have."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from services.contracts.instruments import Instrument
from services.market_data.api.views import instrument_json
from services.market_data.domain.candles import Candles
from services.market_data.domain.symbol import Symbol
from tests.instruments import AAPL, BTCUSDT
from tradectl.desk.account import Order
from tradectl.desk.listing import Listing, listing_of
from tradectl.desk.market import Instrument as TradedInstrument
from tradectl.desk.ticket import Draft

__all__ = ["AAPL", "BTCUSDT", "draft", "listed", "placed"]


def listed(instrument: Instrument = AAPL, reference: int | None = 20_000) -> Listing:
    """As it comes from market data's own page: a band of ten per cent, fees of 0.05 and 0.1 per cent."""
    page = instrument_json(Symbol(instrument, reference, Candles(instrument.symbol), 0))
    return listing_of(msgspec.convert(page, TradedInstrument))


def placed(**fields: Any) -> Order:
    """The order that such a draft has become."""
    moment = datetime(2024, 8, 8, 7, 10, tzinfo=UTC)
    terms: dict[str, Any] = {
        "id": "o1",
        "client_order_id": "first",
        "symbol": "AAPL",
        "side": "buy",
        "type": "limit",
        "tif": "day",
        "quantity": Decimal(100),
        "limit_price": Decimal("200.00"),
        "stop_price": None,
        "status": "new",
        "filled_quantity": Decimal(0),
        "average_price": None,
        "fees": Decimal("0.00"),
        "currency": "USD",
        "reason": None,
        "created_at": moment,
        "updated_at": moment,
    }
    return Order(**(terms | fields))


def draft(**fields: Any) -> Draft:
    """A hundred shares at 200.00, but for what is said otherwise."""
    return Draft(**({"symbol": "AAPL", "quantity": "100", "limit_price": "200.00"} | fields))
