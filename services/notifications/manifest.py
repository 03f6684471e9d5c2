"""What notifications is."""

from services.contracts.events import auth, notifications, orders, portfolio
from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="notifications",
    title="Notifications",
    entry="services.notifications.app:run",
    needs=("auth", "mail"),
    database=True,
    seed="services.notifications.store:seed",
    publishes=(notifications.NotificationCreated,),
    consumes=(
        auth.UserRegistered,
        auth.UserVerified,
        auth.ProfileChanged,
        orders.OrderRejected,
        orders.OrderFilled,
        orders.OrderCancelled,
        orders.OrderExpired,
        orders.CashCredited,
        portfolio.WithdrawalSettled,
        portfolio.WithdrawalDeclined,
    ),
)
