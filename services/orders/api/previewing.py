"""What an order would cost and what would refuse it, without placing it."""

from typing import Any

from services.contracts import money
from services.contracts.errors import DomainError
from services.kernel.database import Database
from services.orders.domain import changes, checks, reservation
from services.orders.domain.checks import Limits
from services.orders.domain.order import Listing, Order, Ticket
from services.orders.store import Connection, instruments, ledger

NONE = {"cost": None, "fee": None, "currency": None, "buying_power_after": None}
"""What an order costs that is none."""


async def preview(database: Database, limits: Limits, ticket: Ticket) -> dict[str, Any]:
    """Cost, fee, buying power after it, and everything that refuses it."""
    async with database.reading() as connection:
        try:
            listing = await _listing(connection, ticket.symbol)
            order = changes.drafted(ticket, listing, "", 0)
        except DomainError as refusal:
            return NONE | {"refusals": [_refusal(refusal)]}
        refusals = list(checks.refusals(order.state, listing, limits))
        refusals += await _of_ledger(connection, limits, order)
        cash = await ledger.free(connection, ticket.account_id, order.state.currency)
    return preview_page(order, listing, cash, refusals)


async def _listing(connection: Connection, symbol: str) -> Listing:
    found = (await instruments.listings(connection, [symbol])).get(symbol)
    if found is None:
        raise checks.unknown_symbol(symbol)
    return found


async def _of_ledger(connection: Connection, limits: Limits, order: Order) -> list[DomainError]:
    account = order.state.account_id
    found = []
    if await ledger.free(connection, account, order.asset) < order.state.reserved:
        found.append(checks.insufficient(order))
    if await ledger.open_orders(connection, account) >= limits.open_orders:
        found.append(checks.too_many_open(limits))
    return found


def preview_page(order: Order, listing: Listing, cash: int, refusals: list[DomainError]) -> dict[str, Any]:
    """The preview as it is answered; ``cash`` is what is free, minor units."""
    state = order.state
    is_buy = state.side == "buy"
    at = order.worst_price if is_buy else state.limit_price or listing.reference or 0
    bound = reservation.cost_bound(at * state.quantity, listing.instrument.value_scale, state.currency, 0)
    fee = money.fee(bound, order.fee_ppm)
    scale = money.CURRENCY_SCALES[state.currency]
    return {
        "cost": money.text(bound, scale),
        "fee": money.text(fee, scale),
        "currency": state.currency,
        "buying_power_after": money.text(cash - (bound + fee if is_buy else 0), scale),
        "refusals": [_refusal(each) for each in refusals],
    }


def _refusal(error: DomainError) -> dict[str, Any]:
    return {"code": error.code, "detail": error.detail, "field": error.field}
