"""What the portfolio exports: what was booked, and what that came to."""

from services.contracts.metrics.metric import counter

TRADES = counter(
    "portfolio_trades_total", "Trades booked; entry `made`, or `reversed` where one was taken back", "side", "entry"
)
TURNOVER = counter("portfolio_turnover_total", "What was traded, in units of the currency, fees left out", "currency")
FEES = counter("portfolio_fees_total", "Fees booked, in units of the currency", "currency")
TRANSFERS = counter(
    "portfolio_transfers_total",
    "Deposits and withdrawals that have come to their end; outcome `booked` or `declined`",
    "direction",
    "outcome",
)
