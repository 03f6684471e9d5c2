"""What must be reserved for an order so that its fills can never cost more; minor units of a buy, units of a sell."""

import msgspec

from services.contracts import money
from services.contracts.orders import OrderState, Side
from services.orders.domain.order import Order, Terms


class Movement(msgspec.Struct, frozen=True):
    """A change of one balance of the risk ledger."""

    account_id: str
    asset: str
    total: int
    reserved: int


def cost_bound(value: int, value_scale: int, currency: str, fee_ppm: int) -> int:
    """The most that trades of this value can take, fee included."""
    cost = money.cost_up(value, value_scale, currency)
    return cost + money.fee(cost, fee_ppm)


def need(order: Order, terms: Terms) -> int:
    """What the rest of the order can still use under these terms, after its fills so far."""
    state = order.state
    left = max(0, terms.quantity - state.filled)
    if state.side == "sell":
        return left
    scale = state.price_scale + state.quantity_scale
    end = money.cost_up(state.value + terms.worst_price * left, scale, state.currency)
    rest = end - money.cost(state.value, scale, state.currency)
    return rest + money.fee(rest, order.fee_ppm)


def to_hold(order: Order) -> int:
    """What the order needs now: the larger of the terms that stand and those asked for, nothing after its end."""
    if not order.open:
        return 0
    return max(need(order, order.terms), need(order, order.asked) if order.asked else 0)


def movements(before: OrderState, after: OrderState) -> tuple[Movement, ...]:
    """The balances' changes between two states of one order: its fills' legs, and what is released or reserved."""
    quantity = after.filled - before.filled
    cost = spent(after) - spent(before)
    fee = after.fees - before.fees
    reserved = after.reserved - before.reserved
    account, currency, symbol = after.account_id, after.currency, after.symbol
    if after.side == "buy":
        paid = Movement(account, currency, -cost - fee, reserved)
        legs = (paid, Movement(account, symbol, quantity, 0))
    else:
        given = Movement(account, symbol, -quantity, reserved)
        legs = (given, Movement(account, currency, cost - fee, 0))
    return tuple(leg for leg in legs if leg.total or leg.reserved)


def spent(state: OrderState) -> int:
    """The fills' cost so far: the rounded running total."""
    return money.cost(state.value, state.price_scale + state.quantity_scale, state.currency)


def used(side: Side, quantity: int, cost: int, fee: int) -> int:
    """What a fill takes out of the reservation."""
    return quantity if side == "sell" else cost + fee
