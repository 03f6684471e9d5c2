"""The account's statement, over HTTP: as JSON, or as CSV for a spreadsheet."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from services.contracts import money
from services.contracts.clock import DAY
from services.contracts.errors import DomainError
from services.contracts.times import rfc3339
from services.kernel.moments import Moment, moment_of
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON
from services.portfolio.domain.statement import Entry, closing, entries
from services.portfolio.store import accounts, history

MOST = 10_000
"""Lines of a statement."""
LENGTH = 30 * DAY
"""Of a statement that names no beginning."""
COLUMNS = ("time", "kind", "cause", "asset", "change", "balance")
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
Text = Callable[[str, int], str]
"""An asset's amount in decimals."""


class Balance(BaseModel):
    """What there is of a currency or a symbol."""

    asset: str
    amount: str


class Line(BaseModel):
    """What a movement added or took, and what there was of the asset after it."""

    time: str
    kind: str
    cause: str
    asset: str
    change: str
    balance: str


class Statement(BaseModel):
    """Oldest first; opening balances and all changes make the closing ones."""

    opening: list[Balance]
    lines: list[Line]
    closing: list[Balance]


def add_statement(routes: APIRouter, service: Service) -> None:
    """All that went in and out."""

    @routes.get("/statement", response_model=Statement, responses=CSV)
    async def get_statement(
        user: User,
        form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
        since: Annotated[Moment, Query(alias="from")] = None,
        until: Annotated[Moment, Query(alias="to")] = None,
    ) -> Response:
        """What happened in [from, to), by default in the last 30 days: balances before, changes, balances after."""
        last = moment_of(until, "to") if until else service.clock.now() + 1
        first = moment_of(since, "from") if since else last - LENGTH
        if first > last:
            raise DomainError("invalid_time", 422, "from is after to", field="from")
        opening = await history.balances_at(service.database, user.user_id, first)
        changes = await history.changes_between(service.database, user.user_id, first, last, MOST)
        scales = await service.database.read_of(user.user_id, accounts.quantity_scales, user.user_id)
        scales |= money.CURRENCY_SCALES

        def text(asset: str, amount: int) -> str:
            return money.text(amount, scales[asset])

        document = {
            "opening": balances_json(opening, text),
            "lines": [line_json(entry, text) for entry in entries(opening, changes)],
            "closing": balances_json(closing(opening, changes), text),
        }
        return JSON(document) if form == "json" else csv_of(document)


def balances_json(balances: Mapping[str, int], text: Text) -> list[dict[str, str]]:
    """Assets of which there is something, or was less than nothing."""
    return [{"asset": asset, "amount": text(asset, amount)} for asset, amount in sorted(balances.items()) if amount]


def line_json(entry: Entry, text: Text) -> dict[str, str]:
    """One change."""
    change = entry.change
    return {
        "time": rfc3339(change.time),
        "kind": change.kind,
        "cause": change.cause,
        "asset": change.asset,
        "change": text(change.asset, change.amount),
        "balance": text(change.asset, entry.balance),
    }


def csv_of(document: Mapping[str, Sequence[Mapping[str, Any]]]) -> Response:
    """The same in lines: balances before and after are lines of the kinds ``opening`` and ``closing``."""
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(balance_row("opening", each) for each in document["opening"])
    writer.writerows(document["lines"])
    writer.writerows(balance_row("closing", each) for each in document["closing"])
    headers = {"Content-Disposition": 'attachment; filename="statement.csv"'}
    return Response(written.getvalue(), media_type="text/csv", headers=headers)


def balance_row(kind: str, balance: Mapping[str, str]) -> dict[str, str]:
    return {"kind": kind, "asset": balance["asset"], "balance": balance["amount"]}
