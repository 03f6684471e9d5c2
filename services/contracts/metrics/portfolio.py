"""What portfolio exports."""

from services.contracts.metrics.metric import counter, gauge

BOOKED = counter("portfolio_bookings_total", "Bookings by what caused them", "kind")
WITHDRAWALS = counter("portfolio_withdrawals_total", "Withdrawals by what became of them", "outcome")
POSITIONS = gauge("portfolio_positions", "Positions that are not empty")
