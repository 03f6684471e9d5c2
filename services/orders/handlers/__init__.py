"""What the service does, one use case after another; none of them commits."""

from services.contracts.events import market_data, portfolio
from services.kernel.consumer import Handlers, Together
from services.orders.handlers import deposits, instruments, withdrawals
from services.orders.handlers.instruments import fill

__all__ = ["CONSUMES", "fill"]

CONSUMES: Handlers = {
    market_data.InstrumentListed: instruments.on_instrument,
    market_data.InstrumentChanged: instruments.on_instrument,
    market_data.SessionChanged: instruments.on_session_changed,
    market_data.InstrumentHalted: instruments.on_halted,
    market_data.ReferencePrice: instruments.on_reference_price,
    portfolio.CashDeposited: Together(deposits.on_cash_deposited),
    portfolio.WithdrawalRequested: Together(withdrawals.on_requested),
    portfolio.WithdrawalSettled: Together(withdrawals.on_settled),
    portfolio.WithdrawalDeclined: withdrawals.on_declined,
}
