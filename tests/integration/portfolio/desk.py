"""Orders as the portfolio hears of them, and its book for one test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from services.contracts.events.orders import OrderAccepted, OrderFilled, OrderPartiallyFilled, OrderPlaced
from services.contracts.instruments import Instrument
from services.contracts.orders import Fill, OrderState
from services.runtime.resources import Running
from tests.integration.neighbours import AAPL, Neighbourhood, neighbourhood, ready

Side = Literal["buy", "sell"]


def order(
    side: Side = "buy", quantity: int = 10, *, number: int = 1, reserved: int = 0, terms: Instrument = AAPL
) -> OrderState:
    return OrderState(
        order_id=f"order-{number}",
        account_id="ann",
        client_order_id=f"mine-{number}",
        symbol=terms.symbol,
        currency=terms.currency,
        price_scale=terms.price_scale,
        quantity_scale=terms.quantity_scale,
        side=side,
        type="limit",
        tif="day",
        quantity=quantity,
        status="new",
        reserved=reserved,
    )


def fill(state: OrderState, quantity: int, price: int, fee: int, number: int = 1) -> Fill:
    return Fill(
        fill_id=f"{state.order_id}-{number}",
        order_id=state.order_id,
        account_id=state.account_id,
        symbol=state.symbol,
        currency=state.currency,
        price_scale=state.price_scale,
        quantity_scale=state.quantity_scale,
        side=state.side,
        price=price,
        quantity=quantity,
        cost=price * quantity,
        fee=fee,
        liquidity="taker",
        time=1_723_101_000_000_000 + number,
    )


def placed(state: OrderState) -> OrderPlaced:
    return OrderPlaced(order=state)


def accepted(state: OrderState) -> OrderAccepted:
    return OrderAccepted(order=state)


def partly(state: OrderState, quantity: int, price: int, fee: int = 0, number: int = 1) -> OrderPartiallyFilled:
    return OrderPartiallyFilled(order=state, fill=fill(state, quantity, price, fee, number))


def filled(state: OrderState, quantity: int, price: int, fee: int = 0, number: int = 1) -> OrderFilled:
    return OrderFilled(order=state, fill=fill(state, quantity, price, fee, number))


@asynccontextmanager
async def open_desk(folder: Path) -> AsyncIterator[tuple[Neighbourhood, Running]]:
    """The portfolio, ready."""
    async with neighbourhood(folder) as around, around.stack.part("portfolio") as running:
        await ready(running)
        yield around, running
