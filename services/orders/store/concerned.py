"""What new orders are decided by, read on one way to the database."""

from collections.abc import Sequence

from services.kernel.uow import UnitOfWork
from services.orders.domain.order import Listing, Order, Ticket
from services.orders.store import instruments, ledger, orders


async def concerned(
    uow: UnitOfWork, tickets: Sequence[Ticket]
) -> tuple[dict[tuple[str, str], Order], dict[str, Listing]]:
    """The tickets' orders that are there already, by account and client_order_id, and their instruments by symbol.

    The accounts are locked first: nobody else places orders of theirs, or ends one, until this transaction ends.
    """
    accounts = sorted({ticket.account_id for ticket in tickets})
    keys = [(ticket.account_id, ticket.client_order_id) for ticket in tickets]
    symbols = sorted({ticket.symbol for ticket in tickets})
    _, known, listed = await uow.execute_all(
        (ledger.LOCK, {"ids": accounts}),
        (orders.BY_CLIENT_ID, {"keys": keys}),
        (instruments.BY_SYMBOL, {"symbols": symbols}),
    )
    return orders.by_client_id(known), instruments.by_symbol(listed)
