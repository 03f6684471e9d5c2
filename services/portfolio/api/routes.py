"""The portfolio's routes."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from msgspec.structs import asdict
from sqlalchemy import RowMapping, Table

from services.contracts.errors import DomainError
from services.contracts.ids import new_id
from services.contracts.market import Quote
from services.kernel import paging
from services.kernel.idempotency import IdempotencyKey, repeatable
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.kernel.web import JSON
from services.portfolio import handlers
from services.portfolio.api import models
from services.portfolio.api.performance import add_performance
from services.portfolio.api.statement import add_statement
from services.portfolio.api.views import deposit_json, movement_json, portfolio_json, trade_json
from services.portfolio.api.withdrawing import add_withdrawals
from services.portfolio.domain.booking import Deposit
from services.portfolio.store import accounts, tables
from services.portfolio.store.quotes import last_quotes


def router(service: Service) -> APIRouter:
    """GET /portfolio, its trades, ledger, performance and statement; deposits and withdrawals."""
    routes = APIRouter(prefix="/portfolio", tags=["portfolio"])
    _reads(routes, service)
    _deposits(routes, service)
    add_withdrawals(routes, service)
    add_performance(routes, service)
    add_statement(routes, service)
    return routes


def _reads(routes: APIRouter, service: Service) -> None:
    database = service.database

    @routes.get("", response_model=models.Portfolio)
    async def get_portfolio(user: User) -> JSON:
        """Cash by currency and positions with their lots, at the last quotes."""
        account, listed = await database.read_of(user.user_id, accounts.with_instruments, user.user_id)
        terms = {each.symbol: each for each in listed}
        quotes = await quotes_of(service, [row["symbol"] for row in account["positions"]])
        return JSON(portfolio_json(account, terms, quotes))

    @routes.get("/trades", response_model=models.TradePage)
    async def get_trades(user: User, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Booked fills, newest first."""
        rows = await newest(service, tables.trades, user.user_id, cursor, limit)
        return JSON(paging.page(rows, limit, row_key, trade_json))

    @routes.get("/ledger", response_model=models.Ledger)
    async def get_ledger(user: User, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Movements, newest first; each takes from one book and gives to another."""
        rows = await newest(service, tables.ledger, user.user_id, cursor, limit)
        scales = await database.read_of(user.user_id, accounts.quantity_scales, user.user_id)
        return JSON(paging.page(rows, limit, row_key, lambda row: movement_json(row, scales)))


def _deposits(routes: APIRouter, service: Service) -> None:
    database = service.database

    @routes.post("/deposits", status_code=201, response_model=models.Deposit)
    async def post_deposit(user: User, body: models.NewDeposit, idempotency_key: IdempotencyKey) -> JSON:
        """Ask for a deposit; it is pending until the order service has credited it."""
        wanted = await priced(service, user.user_id, body)
        deposit = await database.transact(deposit_once, wanted, idempotency_key, body.model_dump())
        return JSON(deposit_json({**deposit, "status": "pending"}), 201)

    @routes.get("/deposits/{deposit_id}", response_model=models.Deposit)
    async def get_deposit(user: User, deposit_id: str) -> JSON:
        """A deposit and whether it was credited."""
        found = await database.read_of(user.user_id, accounts.find_deposit, user.user_id, deposit_id)
        if found is None:
            raise DomainError("not_found", 404, "there is no such deposit")
        return JSON(deposit_json(found))


def row_key(row: RowMapping) -> paging.Key:
    return (row["id"],)


async def newest(
    service: Service, table: Table, account_id: str, cursor: str | None, limit: int
) -> Sequence[RowMapping]:
    key = paging.key_of(cursor, int)
    before = int(key[0]) if key else None
    return await service.database.read_of(account_id, accounts.newest, table, account_id, before, limit)


async def priced(service: Service, account_id: str, body: models.NewDeposit) -> Deposit:
    """The deposit with its instrument's terms and, for shares, the price that they count as bought for."""
    async with service.database.reading() as connection:
        terms = {each.symbol: each for each in await accounts.all_instruments(connection)}
    instrument = terms.get(body.asset)
    price = await price_of(service, body.asset) if instrument else None
    most = service.settings.portfolio.max_deposit
    return handlers.deposit_of(new_id(), account_id, body.asset, body.amount, instrument, price, most)


async def quotes_of(service: Service, symbols: Sequence[str]) -> dict[str, Quote]:
    return await last_quotes(service.cache, service.peers["market_data"], symbols)


async def price_of(service: Service, symbol: str) -> int:
    """What deposited shares count as bought for."""
    quote = (await quotes_of(service, [symbol])).get(symbol)
    price = (quote.last or quote.bid or quote.ask or quote.previous_close) if quote else None
    if not price:
        raise DomainError("no_price", 503, f"no price of {symbol} is known yet: try again", field="asset")
    return price


async def deposit_once(uow: UnitOfWork, wanted: Deposit, key: str, body: object) -> dict[str, Any]:
    """The deposit, or the one that the same key made before."""

    async def action() -> dict[str, Any]:
        return asdict(await handlers.deposit(uow, wanted))

    return await repeatable(uow, wanted.account_id, key, body, action, dict[str, Any])
