"""What notifications is."""

from services.contracts.events import auth, chat, market_data, notifications, orders, portfolio
from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="notifications",
    title="Notifications",
    entry="services.notifications.app:run",
    needs=("auth", "mail", "market_data", "push"),
    database=True,
    yields=True,
    seed="services.notifications.store.messages:seed",
    publishes=(notifications.NotificationCreated,),
    consumes=(
        auth.UserRegistered,
        auth.UserVerified,
        auth.ProfileChanged,
        auth.LoginLocked,
        auth.PasswordForgotten,
        auth.PasswordChanged,
        auth.SecondFactorChanged,
        chat.UserMentioned,
        market_data.InstrumentListed,
        market_data.InstrumentChanged,
        market_data.BarClosed,
        orders.OrderRejected,
        orders.OrderFilled,
        orders.OrderCancelled,
        orders.OrderExpired,
        orders.TradeBusted,
        orders.TradeCorrected,
        orders.CashCredited,
        portfolio.WithdrawalSettled,
        portfolio.WithdrawalDeclined,
    ),
    live=(market_data.QuoteSnapshot,),
)
