"""What recommendations is."""

from services.contracts.events import market_data, orders, recommendations
from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="recommendations",
    title="Recommendations",
    entry="services.recommendations.app:run",
    needs=("market_data",),
    calls=("auth", "portfolio"),
    database=True,
    yields=True,
    publishes=(recommendations.SignalRaised,),
    consumes=(
        market_data.BarClosed,
        orders.OrderPartiallyFilled,
        orders.OrderFilled,
        orders.TradeBusted,
        orders.TradeCorrected,
    ),
)
