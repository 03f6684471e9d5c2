"""The service's routes."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query

from services.contracts.errors import DomainError
from services.contracts.orders import OrderState, OrderStatus, order_json
from services.kernel import paging
from services.kernel.moments import Moment, moment_of
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON
from services.orders.api import models
from services.orders.api.gateway import Gateway
from services.orders.api.paths import ORDER
from services.orders.api.placing import Giving, Placing
from services.orders.api.previewing import preview
from services.orders.api.rates import Rates
from services.orders.api.views import explained_json, life_json
from services.orders.domain.checks import Limits
from services.orders.handlers import changing
from services.orders.store import pages
from services.runtime import log

Status = Annotated[list[OrderStatus] | None, Query(description="any of these")]
Symbol = Annotated[models.Symbol | None, Query()]


def router(service: Service, gateway: Gateway) -> APIRouter:
    """All routes; what they ask of the broker goes by the gateway."""
    routes = APIRouter(prefix="/orders", tags=["orders"])
    settings = service.settings.orders
    limits = Limits(notional=settings.max_notional, open_orders=settings.max_open)
    _reads(routes, service)
    _explaining(routes, service, gateway)
    _placing(routes, service, limits, gateway.giving)
    _changes(routes, service, limits, gateway.giving.wake)
    return routes


def _placing(routes: APIRouter, service: Service, limits: Limits, giving: Giving) -> None:
    placing = Placing(service.database, limits, giving, service.metrics)
    rates = Rates(service.cache, service.settings.orders.max_per_second)

    @routes.post("", status_code=201, response_model=models.Order, responses={200: {"model": models.Order}})
    async def post_order(user: User, body: models.NewOrder) -> JSON:
        """Place an order: 201, or 200 for the order that the same client_order_id placed before."""
        await rates.count(user.user_id)
        placed = await placing.place(body.ticket(user))
        log.bind(order_id=placed.order.order_id)
        return JSON(order_json(placed.order), 201 if placed.new else 200)

    @routes.post("/preview", response_model=models.Preview)
    async def post_preview(user: User, body: models.OrderPreview) -> JSON:
        """What the order would cost, and what would refuse it."""
        return JSON(await preview(service.database, limits, body.ticket(user)))


def _reads(routes: APIRouter, service: Service) -> None:
    @routes.get("", response_model=models.OrderPage)
    async def get_orders(
        user: User,
        status: Status = None,
        symbol: Symbol = None,
        start: Annotated[Moment, Query(alias="from")] = None,
        end: Annotated[Moment, Query(alias="to")] = None,
        cursor: paging.Cursor = None,
        limit: paging.Limit = 50,
    ) -> JSON:
        """The account's orders, newest first; ``from`` and ``to`` hold them by when they were placed."""
        key = paging.key_of(cursor, str)
        selection = pages.Selection(
            account_id=user.user_id,
            statuses=tuple(status or ()),
            symbol=symbol,
            start=_moment(start, "from"),
            end=_moment(end, "to"),
            before=str(key[0]) if key else None,
        )
        async with service.database.reading() as connection:
            found = await pages.page(connection, selection, limit)
        return JSON(paging.page(found, limit, lambda order: (order.order_id,), order_json))

    @routes.get(ORDER, response_model=models.OrderLife)
    async def get_order(user: User, order_id: str) -> JSON:
        """One order with its whole history."""
        return JSON(life_json(await _life(service, user.user_id, order_id)))


def _explaining(routes: APIRouter, service: Service, gateway: Gateway) -> None:
    @routes.get(ORDER + "/explain", response_model=models.Explanation)
    async def get_explanation(user: User, order_id: str) -> JSON:
        """Each fill with what the venue's own record has of it: level or queue, time, and why at this price."""
        life = await _life(service, user.user_id, order_id)
        return JSON(explained_json(life, await gateway.facts([fill.fill_id for fill in life.fills])))


async def _life(service: Service, account_id: str, order_id: str) -> pages.Life:
    async with service.database.reading() as connection:
        life = await pages.life(connection, account_id, order_id)
    if life is None:
        raise DomainError("not_found", 404, "there is no such order")
    return life


def _changes(routes: APIRouter, service: Service, limits: Limits, wake: Callable[[], None]) -> None:
    database = service.database

    @routes.patch(ORDER, response_model=models.Order)
    async def patch_order(user: User, order_id: str, body: models.OrderEdit) -> JSON:
        """Ask for new terms; the answer comes as order_replaced or replace_rejected."""
        return _asked(await database.transact(changing.replace, limits, user.user_id, order_id, body.edit()))

    @routes.delete(ORDER, response_model=models.Order)
    async def delete_order(user: User, order_id: str) -> JSON:
        """Ask for the order's end; again, or of a cancelled order, it changes nothing."""
        return _asked(await database.transact(changing.cancel, user.user_id, order_id))

    @routes.delete("", response_model=models.OrderList)
    async def delete_orders(user: User, symbol: Symbol = None) -> JSON:
        """Ask for the end of all open orders, or of those in one symbol."""
        states = await database.transact(changing.cancel_all, user.user_id, symbol)
        wake()
        return JSON({"items": [order_json(state) for state in states]})

    def _asked(state: OrderState) -> JSON:
        wake()
        log.bind(order_id=state.order_id)
        return JSON(order_json(state))


def _moment(text: str | None, field: str) -> int | None:
    return None if text is None else moment_of(text, field)
