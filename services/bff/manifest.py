"""What the BFF is."""

from services.contracts.events import auth, chat, market_data, notifications, orders, portfolio, recommendations
from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="bff",
    title="BFF",
    entry="services.bff.app:run",
    needs=("auth", "market_data"),
    calls=("orders", "portfolio", "recommendations", "chat", "notifications"),
    live=(
        auth.SessionsRevoked,
        auth.UserBlocked,
        chat.MessagePosted,
        chat.MessageEdited,
        chat.MessageReacted,
        chat.MessageRemoved,
        market_data.BarClosed,
        market_data.InstrumentListed,
        market_data.InstrumentChanged,
        notifications.NotificationCreated,
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
        portfolio.PositionChanged,
        recommendations.SignalRaised,
    ),
)
