"""Fills of one account in one symbol, as hypothesis makes them."""

from hypothesis import strategies as st

from services.contracts.orders import Fill, OrderState


def fill(side: str, quantity: int, cost: int, fee: int, number: int = 1, symbol: str = "AAPL") -> Fill:
    return Fill(
        fill_id=f"E-{number}",
        order_id=f"order-{number}",
        account_id="account",
        symbol=symbol,
        currency="USD",
        price_scale=2,
        quantity_scale=0,
        side="buy" if side == "buy" else "sell",
        price=max(cost // quantity, 1),
        quantity=quantity,
        cost=cost,
        fee=fee,
        liquidity="taker",
        time=number,
    )


rows = st.tuples(st.sampled_from(["buy", "sell"]), st.integers(1, 10**6), st.integers(1, 10**10), st.integers(0, 10**6))
fills = st.lists(rows, max_size=30).map(lambda made: [fill(*row, number=n) for n, row in enumerate(made, 1)])


def order_of(one: Fill, reserved: int = 0) -> OrderState:
    """The order that a fill belongs to."""
    return OrderState(
        order_id=one.order_id,
        account_id=one.account_id,
        client_order_id="mine",
        symbol=one.symbol,
        currency=one.currency,
        price_scale=one.price_scale,
        quantity_scale=one.quantity_scale,
        side=one.side,
        type="limit",
        tif="day",
        quantity=one.quantity,
        status="filled",
        reserved=reserved,
    )
