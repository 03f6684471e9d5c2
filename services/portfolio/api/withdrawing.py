"""The routes of withdrawals: money leaves the account once orders have reserved it."""

from typing import Any

from fastapi import APIRouter

from services.contracts.errors import DomainError
from services.contracts.ids import new_id
from services.kernel import paging
from services.kernel.idempotency import IdempotencyKey, repeatable
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.kernel.web import JSON
from services.portfolio import handlers
from services.portfolio.api import models
from services.portfolio.api.views import withdrawal_json
from services.portfolio.domain.booking import Withdrawal
from services.portfolio.store import accounts


def add_withdrawals(routes: APIRouter, service: Service) -> None:
    """Ask for one, and see how far each is."""
    database = service.database

    @routes.post("/withdrawals", status_code=201, response_model=models.Withdrawal)
    async def post_withdrawal(user: User, body: models.NewWithdrawal, idempotency_key: IdempotencyKey) -> JSON:
        """Ask for a withdrawal; it is requested until the order service has reserved the money, or refused."""
        wanted = handlers.withdrawal_of(new_id(), user.user_id, body.asset, body.amount)
        row = await database.transact(withdraw_once, wanted, idempotency_key, {"withdraw": body.model_dump()})
        return JSON(withdrawal_json(row), 201)

    @routes.get("/withdrawals", response_model=models.WithdrawalPage)
    async def get_withdrawals(user: User, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """The account's withdrawals, newest first."""
        key = paging.key_of(cursor, str)
        before = str(key[0]) if key else None
        rows = await database.read_of(user.user_id, accounts.newest_withdrawals, user.user_id, before, limit)
        return JSON(paging.page(rows, limit, lambda row: (row["withdrawal_id"],), withdrawal_json))

    @routes.get("/withdrawals/{withdrawal_id}", response_model=models.Withdrawal)
    async def get_withdrawal(user: User, withdrawal_id: str) -> JSON:
        """A withdrawal: requested, settled or declined."""
        found = await database.read_of(user.user_id, accounts.find_withdrawal, user.user_id, withdrawal_id)
        if found is None:
            raise DomainError("not_found", 404, "there is no such withdrawal")
        return JSON(withdrawal_json(found))


async def withdraw_once(uow: UnitOfWork, wanted: Withdrawal, key: str, body: object) -> dict[str, Any]:
    """The withdrawal, or the one that the same key made before."""

    async def action() -> dict[str, Any]:
        return await handlers.withdraw_from(uow, wanted)

    return await repeatable(uow, wanted.account_id, key, body, action, dict[str, Any])
