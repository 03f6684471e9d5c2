"""What the portfolio is measured by: counted when it is booked for good."""

from collections.abc import Iterable

from services.contracts import money
from services.contracts.metrics import portfolio as declared
from services.contracts.orders import Fill
from services.portfolio.domain.booking import Booking
from services.runtime.metrics import Metrics


class Figures:
    """Counts what a transaction has booked."""

    def __init__(self, metrics: Metrics) -> None:
        self._trades = metrics.counter(declared.TRADES)
        self._turnover = metrics.counter(declared.TURNOVER)
        self._fees = metrics.counter(declared.FEES)
        self._transfers = metrics.counter(declared.TRANSFERS)

    def booked(self, fills: Iterable[Fill], booking: Booking) -> None:
        """Fills, deposits that were credited, and withdrawals that were answered."""
        for fill in fills:
            self._trades.inc(fill.side, "reversed" if fill.reverses else "made")
            if fill.reverses is None:  # what counts only grows: a bust is told by the trades
                self._turnover.inc(fill.currency, by=in_units(fill.currency, fill.cost))
                self._fees.inc(fill.currency, by=in_units(fill.currency, fill.fee))
        for _ in booking.credited:
            self._transfers.inc("deposit", "booked")
        for each in booking.answered:
            self._transfers.inc("withdrawal", "declined" if each.reason else "booked")


def in_units(currency: str, minor: int) -> float:
    """For a curve, not for the books."""
    return minor / float(10 ** money.CURRENCY_SCALES[currency])
