"""A share and a crypto pair as tests trade them."""

from msgspec.structs import asdict, replace

from services.contracts.instruments import Instrument, ListedInstrument

AAPL = Instrument(
    symbol="AAPL",
    name="Apple",
    kind="share",
    currency="USD",
    price_scale=2,
    quantity_scale=0,
    tick=1,
    lot=1,
    band_bps=1_000,
    maker_fee_ppm=500,
    taker_fee_ppm=1_000,
)
BTCUSDT = replace(AAPL, symbol="BTCUSDT", name="Bitcoin", kind="crypto", currency="USDT", quantity_scale=5)


def listed(instrument: Instrument, reference: int) -> ListedInstrument:
    """As market data has it in its list, with the price that the band stands around."""
    return ListedInstrument(**asdict(instrument), reference=reference)
