"""What is traded most, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from services.contracts import money
from services.contracts.times import rfc3339
from services.kernel.moments import moment_of
from services.kernel.security import authenticated
from services.kernel.service import Service
from services.kernel.web import JSON
from services.recommendations.domain.popular import Tally, day_of, ranked
from services.recommendations.store import popular

Day = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        json_schema_extra={"format": "date"},
        description="a day of market time, by default this one",
        examples=["2024-08-08"],
    ),
]


class Traded(BaseModel):
    """How many accounts traded a symbol, in how many fills, and what those cost together."""

    symbol: str
    traders: int
    fills: int
    notional: str
    currency: str


class Popular(BaseModel):
    """Most traders first; ``day`` is UTC."""

    day: str
    items: list[Traded]


def add_popular(routes: APIRouter, service: Service) -> None:
    """What users trade."""

    @routes.get("/analytics/popular", response_model=Popular, dependencies=[Depends(authenticated)])
    async def get_popular(day: Day = None) -> JSON:
        """What users' orders traded in a day of market time, a row a symbol that was traded at all."""
        began = moment_of(f"{day}T00:00:00Z", "day") if day else day_of(service.clock.now())
        async with service.database.reading() as connection:
            tallies = await popular.of_day(connection, began)
        shown = [traded_json(each) for each in ranked(tallies)]
        return JSON({"day": rfc3339(began)[:10], "items": shown})


def traded_json(tally: Tally) -> dict[str, object]:
    """One symbol's day."""
    return {
        "symbol": tally.symbol,
        "traders": tally.traders,
        "fills": tally.fills,
        "notional": money.text(tally.notional, money.CURRENCY_SCALES[tally.currency]),
        "currency": tally.currency,
    }
