"""An account's ledger by time: sums of what was before, and lines in their order, by pages."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.errors import DomainError
from services.kernel.database import Database
from services.portfolio.domain.history import Change, balances, change_of
from services.portfolio.store.tables import ledger

PAGE = 1_000
"""Lines read at once: more would hold up the event loop."""
BEFORE = (
    select(ledger.c.asset, ledger.c.debit, ledger.c.credit, func.sum(ledger.c.amount).label("amount"))
    .where(ledger.c.account_id == bindparam("of_account"), ledger.c.time < bindparam("since"))
    .group_by(ledger.c.asset, ledger.c.debit, ledger.c.credit)
)
LINES = (
    select(ledger)
    .where(
        ledger.c.account_id == bindparam("of_account"),
        ledger.c.id > bindparam("after"),
        ledger.c.time >= bindparam("since"),
        ledger.c.time < bindparam("until"),
    )
    .order_by(ledger.c.id)
    .limit(PAGE)
)


async def balances_at(database: Database, account_id: str, moment: int) -> dict[str, int]:
    """What the account had of each asset just before a moment."""
    return balances(await database.read_of(account_id, sums_before, account_id, moment))


async def changes_between(database: Database, account_id: str, since: int, until: int, most: int) -> list[Change]:
    """Its changes in [since, until) in the order of their times; 422 ``range_too_long`` where there are too many."""
    lines: list[RowMapping] = []
    while True:
        after = lines[-1]["id"] if lines else 0
        page = await database.read_of(account_id, lines_after, account_id, after, since, until)
        lines += page
        if len(lines) > most:
            raise DomainError("range_too_long", 422, f"there are more than {most} lines: ask for less", field="from")
        if len(page) < PAGE:
            return [change_of(line) for line in sorted(lines, key=lambda line: (line["time"], line["id"]))]


async def sums_before(connection: AsyncConnection, account_id: str, moment: int) -> Sequence[RowMapping]:
    """Sums of an account's lines before a moment, by asset and books."""
    return (await connection.execute(BEFORE, {"of_account": account_id, "since": moment})).mappings().all()


async def lines_after(
    connection: AsyncConnection, account_id: str, after: int, since: int, until: int
) -> Sequence[RowMapping]:
    """An account's lines of [since, until) behind one, in the order in which they were booked."""
    wanted = {"of_account": account_id, "after": after, "since": since, "until": until}
    return (await connection.execute(LINES, wanted)).mappings().all()
