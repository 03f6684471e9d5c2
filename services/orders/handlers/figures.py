"""What all orders together come to now."""

from collections.abc import Mapping
from typing import NamedTuple

from services.contracts.money import CURRENCY_SCALES
from services.kernel.database import Database
from services.orders.store import dispatches, figures, instruments


class Figures(NamedTuple):
    """``open`` by standing; ``reserved`` in units by asset; ``unsent`` messages and since when the oldest waits."""

    open: Mapping[str, int]
    reserved: Mapping[str, float]
    unmatched: int
    unsent: int
    oldest: int | None


async def figures_of(database: Database) -> Figures:
    """One look, on one snapshot; floats are for curves."""
    async with database.reading() as connection:
        known = await instruments.all_instruments(connection)
        scales = {**CURRENCY_SCALES, **{name: each.quantity_scale for name, each in known.items()}}
        reserved = await figures.reserved_by_asset(connection)
        return Figures(
            await figures.open_by_standing(connection),
            {asset: amount / 10 ** scales.get(asset, 0) for asset, amount in reserved.items()},
            await figures.unmatched(connection),
            await dispatches.count(connection),
            await dispatches.oldest(connection),
        )
