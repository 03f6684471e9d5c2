"""An instrument as every process knows it. Scales are fixed for life; tick and lot only validate."""

from typing import Literal

import msgspec

Status = Literal["pre_open", "open", "pre_close", "halted", "closed"]
"""``pre_open`` and ``pre_close``: an auction calls for orders, and nothing trades until it ends."""


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """Prices are integers at ``price_scale``, quantities at ``quantity_scale``, fees in parts per million."""

    symbol: str
    name: str
    kind: Literal["share", "crypto"]
    currency: str
    price_scale: int
    quantity_scale: int
    tick: int
    lot: int
    band_bps: int
    maker_fee_ppm: int
    taker_fee_ppm: int
    opens: str | None = None
    """Start of the daily session, HH:MM in UTC; none for a market that never closes."""
    closes: str | None = None
    status: Status = "open"

    @property
    def value_scale(self) -> int:
        """The scale of price x quantity."""
        return self.price_scale + self.quantity_scale

    def band(self, reference: int) -> tuple[int, int]:
        """Lowest and highest price accepted around a reference price, both on tick, inward."""
        width = reference * self.band_bps // 10_000
        low, high = reference - width, reference + width
        return -(-low // self.tick) * self.tick, high // self.tick * self.tick


class ListedInstrument(Instrument, frozen=True, kw_only=True):
    """One of market data's GET /internal/instruments, from which other services fill their copies at the start."""

    reference: int | None = None
    """The price that the band stands around; none before the first."""
