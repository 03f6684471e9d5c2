"""How the account did, over HTTP: equity, time-weighted return and drawdown, a currency at a time."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel

from services.contracts import money
from services.contracts.clock import DAY, HOUR, MINUTE
from services.contracts.errors import DomainError
from services.contracts.instruments import Instrument
from services.contracts.times import rfc3339
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON
from services.portfolio.domain.history import Change
from services.portfolio.domain.performance import Holdings, Point, Series, curve, drawdown
from services.portfolio.store import accounts, history
from services.portfolio.store.bars import closes
from services.portfolio.store.quotes import last_quotes

Period = Literal["day", "week", "month", "year"]
MOST = 50_000
"""Lines of the ledger that are gone through."""


@dataclass(frozen=True)
class Span:
    """How far back, and from bar to bar of what length; bars of ``before`` more give the first prices."""

    length: int
    interval: str
    step: int
    before: int


SPANS: Mapping[Period, Span] = {
    "day": Span(DAY, "15m", 15 * MINUTE, 5 * DAY),
    "week": Span(7 * DAY, "1h", HOUR, 5 * DAY),
    "month": Span(30 * DAY, "1h", HOUR, 5 * DAY),
    "year": Span(365 * DAY, "1d", DAY, 10 * DAY),
}


class CurvePoint(BaseModel):
    """All that there was of the currency, instruments at their prices then; the return since the first point."""

    time: str
    equity: str
    return_percent: str


class Performance(BaseModel):
    """Of one currency. The return is time-weighted: deposits and withdrawals do not change it."""

    currency: str
    equity: str
    return_percent: str
    drawdown_percent: str
    curve: list[CurvePoint]


class Performances(BaseModel):
    """A currency each that the account had anything of."""

    period: Period
    items: list[Performance]


def add_performance(routes: APIRouter, service: Service) -> None:
    """How the account did."""

    @routes.get("/performance", response_model=Performances)
    async def get_performance(user: User, period: Period = "month") -> JSON:
        """Equity curve, time-weighted return and drawdown until now."""
        now, span = service.clock.now(), SPANS[period]
        since = (now - span.length) // span.step * span.step
        opening = await history.balances_at(service.database, user.user_id, since)
        changes = await history.changes_between(service.database, user.user_id, since, now + 1, MOST)
        if not any(opening.values()) and changes:
            since = max(since, changes[0].time // span.step * span.step)
        listed = await service.database.read_of(user.user_id, accounts.all_instruments)
        terms = {each.symbol: each for each in listed}
        assets = {asset for asset, amount in opening.items() if amount} | {change.asset for change in changes}
        prices = await series_of(service, sorted(assets & terms.keys()), span, since, now)
        moments = [since, *range(since + span.step, now, span.step), now]
        found = [
            performance_json(currency, points_of(currency, opening, changes, terms, prices, moments))
            for currency in currencies_of(assets, terms)
        ]
        return JSON({"period": period, "items": found})


def currencies_of(assets: Iterable[str], terms: Mapping[str, Instrument]) -> list[str]:
    """Currencies that the assets are, or are priced in."""
    return sorted({terms[each].currency if each in terms else each for each in assets} & money.CURRENCY_SCALES.keys())


def points_of(
    currency: str,
    opening: Mapping[str, int],
    changes: Sequence[Change],
    terms: Mapping[str, Instrument],
    prices: Mapping[str, Series],
    moments: Sequence[int],
) -> list[Point]:
    """The curve of one currency."""
    holdings = Holdings(currency, opening, terms, lambda symbol, time: prices[symbol].at(time))
    return curve(holdings, changes, moments)


async def series_of(service: Service, symbols: Sequence[str], span: Span, since: int, now: int) -> dict[str, Series]:
    """Prices by symbol: the closes of bars, each from its bar's end on, and the last price now."""
    market_data = service.peers["market_data"]
    first = since - span.before
    bars = await asyncio.gather(*(closes(market_data, each, span.interval, first, now) for each in symbols))
    quotes = await last_quotes(service.cache, market_data, symbols)
    found = {}
    for symbol, some in zip(symbols, bars, strict=True):
        known = [(bar.start + span.step, bar.close) for bar in some]
        last = quotes[symbol].last if symbol in quotes else None
        if last is not None:
            known.append((now, last))
        if not known:
            raise DomainError("no_price", 503, f"no price of {symbol} is known yet: try again")
        found[symbol] = Series(known)
    return found


def performance_json(currency: str, points: Sequence[Point]) -> dict[str, Any]:
    """One currency's curve, and what it comes to."""
    scale = money.CURRENCY_SCALES[currency]
    last = points[-1]
    return {
        "currency": currency,
        "equity": money.text(last.equity, scale),
        "return_percent": percent(last.growth - 1),
        "drawdown_percent": percent(drawdown(points)),
        "curve": [
            {
                "time": rfc3339(point.time),
                "equity": money.text(point.equity, scale),
                "return_percent": percent(point.growth - 1),
            }
            for point in points
        ],
    }


def percent(part: Decimal) -> str:
    """Two decimals; no minus before nothing."""
    return str((100 * part).quantize(Decimal("0.01"), ROUND_HALF_UP) + 0)
