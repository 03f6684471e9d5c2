"""What portfolio is."""

from services.contracts.events import market_data, orders, portfolio
from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="portfolio",
    title="Portfolio and trade history",
    entry="services.portfolio.app:run",
    needs=("market_data",),
    calls=("auth",),
    database=True,
    yields=True,
    seed="services.portfolio.store.seeding:seed",
    publishes=(
        portfolio.CashDeposited,
        portfolio.WithdrawalRequested,
        portfolio.WithdrawalSettled,
        portfolio.WithdrawalDeclined,
        portfolio.PositionChanged,
    ),
    consumes=(
        market_data.InstrumentListed,
        market_data.InstrumentChanged,
        orders.OrderPlaced,
        orders.OrderAccepted,
        orders.OrderRejected,
        orders.OrderPartiallyFilled,
        orders.OrderFilled,
        orders.OrderCancelled,
        orders.CancelRejected,
        orders.OrderReplaced,
        orders.ReplaceRejected,
        orders.OrderExpired,
        orders.TradeBusted,
        orders.TradeCorrected,
        orders.CashCredited,
        orders.CashReserved,
        orders.CashRefused,
        orders.CashReleased,
    ),
    ordered=True,
)
