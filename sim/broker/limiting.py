"""What an operator may do to an account: bound its orders, or block it."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Response
from pydantic import Field

from sim.broker import problems
from sim.broker.accounts import Account
from sim.broker.broker import Broker
from sim.broker.orders import Strict
from sim.broker.responses import as_json, shown

Name = Annotated[str, Path(max_length=64)]


class LimitRequest(Strict):
    """Whole shares or coins that an order may be over, the usual ones without; a blocked account places none."""

    most: Annotated[int, Field(ge=0, le=10**12)] | None = None
    blocked: bool = False


def limiting(broker: Broker) -> APIRouter:
    """Orders that rest stay, and may be cancelled."""
    routes = APIRouter(tags=["operator"], responses=problems.answers(401, 404, 422))

    @routes.get("/accounts", responses={200: shown(Account)})
    async def accounts() -> Response:
        """Accounts that were ever named in an order."""
        return as_json(broker.accounts.all())

    @routes.put("/accounts/{account}")
    async def limit(account: Name, body: LimitRequest) -> Response:
        """Bound an account from now on; 404 when no order ever named it."""
        if broker.accounts.named(account) is None:
            raise HTTPException(404, "no such account")
        await broker.limit(account, body.most, blocked=body.blocked)
        return as_json(broker.accounts.named(account))

    return routes
