"""What the service does, one use case after another; none of them commits."""

from collections.abc import Mapping

from services.contracts.event import Event
from services.contracts.events import market_data, portfolio
from services.kernel.consumer import Handler
from services.orders.handlers import deposits, instruments

CONSUMES: Mapping[type[Event], Handler] = {
    market_data.InstrumentListed: instruments.on_instrument,
    market_data.InstrumentChanged: instruments.on_instrument,
    market_data.SessionChanged: instruments.on_session_changed,
    market_data.InstrumentHalted: instruments.on_halted,
    market_data.ReferencePrice: instruments.on_reference_price,
    portfolio.CashDeposited: deposits.on_cash_deposited,
}
