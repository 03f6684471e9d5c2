"""A price band stands around its reference, on tick."""

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.instruments import Instrument


def instrument(tick: int, band_bps: int) -> Instrument:
    return Instrument(
        symbol="TEST",
        name="Test",
        kind="share",
        currency="USD",
        price_scale=2,
        quantity_scale=0,
        tick=tick,
        lot=1,
        band_bps=band_bps,
        maker_fee_ppm=200,
        taker_fee_ppm=500,
    )


@given(st.integers(1, 100), st.integers(1, 5_000), st.integers(1, 10**8))
def test_the_band_is_on_tick_and_inside_its_width(tick: int, band_bps: int, reference: int) -> None:
    low, high = instrument(tick, band_bps).band(reference)
    width = reference * band_bps // 10_000
    assert low % tick == 0
    assert high % tick == 0
    assert low >= reference - width
    assert high <= reference + width
