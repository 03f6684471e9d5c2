"""Backtests over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.contracts import money
from services.contracts.instruments import Instrument
from services.contracts.times import rfc3339
from services.kernel.moments import PATTERN, moment_of
from services.kernel.security import authenticated
from services.kernel.service import Service
from services.kernel.web import JSON
from services.recommendations.domain import backtest
from services.recommendations.domain.strategies import Name
from services.recommendations.handlers.backtests import Backtests, Wish

POINTS = 500
"""Of an equity curve, at most."""
Time = Annotated[str, Field(pattern=PATTERN, json_schema_extra={"format": "date-time"})]


class NewBacktest(BaseModel):
    """A strategy, and the market time that it is tried on: bars that start in [from, to)."""

    model_config = ConfigDict(extra="forbid")
    symbol: Annotated[str, Field(min_length=1, max_length=32, examples=["AAPL"])]
    strategy: Name
    since: Annotated[Time, Field(alias="from", examples=["2024-08-05T00:00:00Z"])]
    until: Annotated[Time, Field(alias="to", examples=["2024-08-08T00:00:00Z"])]


class Fill(BaseModel):
    """At the open of the bar after the signal's."""

    time: str
    price: str
    cost: str
    fee: str


class Trip(BaseModel):
    """A purchase and its sale; both null where it was not sold yet."""

    quantity: str
    bought: Fill
    sold: Fill | None
    profit: str | None


class Point(BaseModel):
    """What all is worth when a bar closes."""

    time: str
    equity: str


class Backtest(BaseModel):
    """What the strategy would have earned, at the fee of a taker; per cents are signed decimals.

    ``hold_percent`` is what the price itself did; ``drawdown_percent`` the deepest fall from a height before it.
    """

    symbol: str
    strategy: Name
    interval: str
    bars: int
    signals: int
    currency: str
    capital: str
    equity: str
    profit_percent: str
    hold_percent: str
    drawdown_percent: str
    hit_rate_percent: str | None
    trades: list[Trip]
    curve: list[Point]


def add_backtests(routes: APIRouter, service: Service) -> None:
    """What a strategy would have earned."""
    backtests = Backtests(service)

    @routes.post("/analytics/backtest", response_model=Backtest, dependencies=[Depends(authenticated)])
    async def post_backtest(body: NewBacktest) -> JSON:
        """Try a signal's strategy on stored bars; nothing is written."""
        wish = Wish(body.symbol, body.strategy, moment_of(body.since, "from"), moment_of(body.until, "to"))
        return JSON(backtest_json(await backtests.run(wish)))


def backtest_json(trial: backtest.Trial) -> dict[str, Any]:
    """The outcome with a curve that is no longer than a picture needs."""
    scale = money.CURRENCY_SCALES[trial.terms.currency]
    equity = trial.points[-1].equity if trial.points else trial.capital
    hits = backtest.hit_rate(trial.trips)
    return {
        "symbol": trial.terms.symbol,
        "strategy": trial.name,
        "interval": "5m",
        "bars": len(trial.points),
        "signals": trial.signals,
        "currency": trial.terms.currency,
        "capital": money.text(trial.capital, scale),
        "equity": money.text(equity, scale),
        "profit_percent": money.percent(equity - trial.capital, trial.capital),
        "hold_percent": money.percent(*trial.hold),
        "drawdown_percent": money.percent(*trial.drawdown),
        "hit_rate_percent": money.percent(*hits) if hits else None,
        "trades": [trip_json(trip, trial.terms, scale) for trip in trial.trips],
        "curve": [
            {"time": rfc3339(point.time), "equity": money.text(point.equity, scale)}
            for point in backtest.thinned(trial.points, POINTS)
        ],
    }


def trip_json(trip: backtest.Trip, terms: Instrument, scale: int) -> dict[str, Any]:
    """There and back."""
    return {
        "quantity": money.text(trip.quantity, terms.quantity_scale),
        "bought": fill_json(trip.bought, terms, scale),
        "sold": fill_json(trip.sold, terms, scale) if trip.sold else None,
        "profit": None if trip.profit is None else money.text(trip.profit, scale),
    }


def fill_json(fill: backtest.Fill, terms: Instrument, scale: int) -> dict[str, str]:
    """One side of it."""
    return {
        "time": rfc3339(fill.time),
        "price": money.text(fill.price, terms.price_scale),
        "cost": money.text(fill.cost, scale),
        "fee": money.text(fill.fee, scale),
    }
