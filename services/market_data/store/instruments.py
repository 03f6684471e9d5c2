"""Instruments with their reference prices."""

from typing import NamedTuple

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.instruments import Instrument
from services.kernel.inserts import upsert
from services.kernel.uow import UnitOfWork
from services.market_data.store.tables import instruments


class Listed(NamedTuple):
    """An instrument and the price that its band stands around."""

    instrument: Instrument
    reference: int | None


async def listed(connection: AsyncConnection) -> dict[str, Listed]:
    """All that is stored, by symbol."""
    rows = await connection.execute(select(instruments))
    return {row.symbol: Listed(msgspec.json.decode(row.terms, type=Instrument), row.reference) for row in rows}


async def keep(uow: UnitOfWork, instrument: Instrument, reference: int | None) -> None:
    """Write an instrument's terms and reference price."""
    row = {"symbol": instrument.symbol, "terms": msgspec.json.encode(instrument), "reference": reference}
    await uow.later(upsert(instruments, uow.connection.dialect.name), row)
