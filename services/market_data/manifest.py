"""What market data is."""

from services.contracts.events import market_data
from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="market_data",
    title="Market data",
    entry="services.market_data.app:run",
    needs=("provider",),
    calls=("auth",),
    database=True,
    yields=True,
    publishes=(
        market_data.InstrumentListed,
        market_data.InstrumentChanged,
        market_data.SessionChanged,
        market_data.InstrumentHalted,
        market_data.ReferencePrice,
        market_data.BarClosed,
        market_data.QuoteSnapshot,
    ),
)
