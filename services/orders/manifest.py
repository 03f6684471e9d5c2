"""What orders is."""

from services.contracts.events import market_data, orders, portfolio
from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="orders",
    title="Orders",
    entry="services.orders.app:run",
    needs=("broker", "market_data"),
    calls=("auth",),
    database=True,
    seed="services.orders.store.seeding:seed",
    publishes=(
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
    consumes=(
        market_data.InstrumentListed,
        market_data.InstrumentChanged,
        market_data.SessionChanged,
        market_data.InstrumentHalted,
        market_data.ReferencePrice,
        portfolio.CashDeposited,
        portfolio.WithdrawalRequested,
        portfolio.WithdrawalSettled,
        portfolio.WithdrawalDeclined,
    ),
    ordered=True,
)
