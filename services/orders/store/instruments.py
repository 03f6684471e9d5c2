"""Our copy of the instruments."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.instruments import Instrument
from services.kernel.inserts import upsert
from services.kernel.uow import UnitOfWork
from services.orders.domain.order import Listing
from services.orders.store.tables import instruments

BY_SYMBOL = select(instruments).where(instruments.c.symbol.in_(bindparam("symbols", expanding=True)))
REFERENCE = (
    update(instruments).where(instruments.c.symbol == bindparam("of_symbol")).values(reference=bindparam("reference"))
)
TERMS = update(instruments).where(instruments.c.symbol == bindparam("of_symbol")).values(document=bindparam("document"))
DOCUMENTS = select(instruments.c.document)

ENCODER = msgspec.json.Encoder()
DECODER = msgspec.json.Decoder(Instrument)


@lru_cache(maxsize=1024)
def _instrument(document: bytes) -> Instrument:
    return DECODER.decode(document)


async def listings(connection: AsyncConnection, symbols: Iterable[str]) -> dict[str, Listing]:
    """Instruments by symbol, those that we have."""
    return by_symbol(await connection.execute(BY_SYMBOL, {"symbols": list(symbols)}))


def by_symbol(rows: Iterable[Row[*tuple[Any, ...]]]) -> dict[str, Listing]:
    """Instruments in rows of the whole table."""
    return {
        symbol: Listing(instrument=_instrument(document), reference=reference) for symbol, document, reference in rows
    }


async def put(uow: UnitOfWork, listings: Sequence[Listing]) -> None:
    """Write instruments with their reference prices."""
    rows = [
        {
            "symbol": listing.instrument.symbol,
            "document": ENCODER.encode(listing.instrument),
            "reference": listing.reference,
        }
        for listing in listings
    ]
    await uow.later(upsert(instruments, uow.connection.dialect.name), rows)


async def change(uow: UnitOfWork, instrument: Instrument) -> None:
    """Write an instrument's terms; its reference price stays."""
    await uow.later(TERMS, {"of_symbol": instrument.symbol, "document": ENCODER.encode(instrument)})


async def set_reference(uow: UnitOfWork, symbol: str, price: int) -> None:
    """Write the price that the band stands around."""
    await uow.later(REFERENCE, {"of_symbol": symbol, "reference": price})


async def all_instruments(connection: AsyncConnection) -> dict[str, Instrument]:
    """Every instrument by its symbol."""
    documents = (await connection.execute(DOCUMENTS)).scalars()
    return {instrument.symbol: instrument for instrument in map(_instrument, documents)}
