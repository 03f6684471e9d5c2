"""What an operator may do to a trade: bust it, or correct its quantity and price."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Response
from pydantic import Field

from services.contracts.instruments import Instrument
from sim.broker import problems
from sim.broker.broker import Broker
from sim.broker.orders import Amount, Strict
from sim.broker.refusals import AMENDED, MORE_THAN_TRADED, NOTHING_NEW, OFF_LOT, OFF_TICK, RefusedError
from sim.broker.responses import as_json, shown
from sim.broker.terms import price_of, quantity_of
from sim.venue.orders import Amend, Execution

ExecId = Annotated[str, Path(max_length=64)]
Reason = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}$", description="a stable code")]


class BustRequest(Strict):
    """The trade never was."""

    reason: Reason = "trade_busted"


class CorrectRequest(Strict):
    """The trade was another: not more than was traded, and what is left out stays."""

    quantity: Amount | None = None
    price: Amount | None = None
    reason: Reason = "trade_corrected"


def amending(broker: Broker) -> APIRouter:
    """Each answers what was reported of it: of both sides, where both are orders."""
    routes = APIRouter(tags=["operator"], responses=problems.answers(401, 404, 409, 422))

    @routes.post("/executions/{exec_id}/bust", responses={200: shown(Execution)})
    async def bust(exec_id: ExecId, body: BustRequest) -> Response:
        """Take a trade back; 409 when it was busted or corrected before."""
        return as_json(await broker.amend(Amend(trades=trades(broker, exec_id), reason=body.reason)))

    @routes.post("/executions/{exec_id}/correct", responses={200: shown(Execution)})
    async def correct(exec_id: ExecId, body: CorrectRequest) -> Response:
        """Take a trade back and do it again at other terms, which then is another execution."""
        return as_json(await broker.amend(correction(broker, trades(broker, exec_id), body)))

    return routes


def trades(broker: Broker, exec_id: str) -> tuple[Execution, ...]:
    """The sides of a trade that stands."""
    sides = broker.venue.sides(exec_id)
    if not sides:
        raise HTTPException(404, "no such trade")
    if broker.venue.amended(exec_id):
        raise RefusedError(AMENDED)
    return sides


def correction(broker: Broker, sides: tuple[Execution, ...], body: CorrectRequest) -> Amend:
    """RefusedError when the new terms are none."""
    trade = sides[0]
    instrument = broker.venue.instruments[trade.symbol]
    quantity = trade.last_quantity if body.quantity is None else quantity_of(instrument, body.quantity)
    price = trade.last_price if body.price is None else price_of(instrument, body.price) or 0
    for code in wrong(trade, instrument, quantity, price):
        raise RefusedError(code)
    return Amend(trades=sides, reason=body.reason, quantity=quantity, price=price)


def wrong(trade: Execution, instrument: Instrument, quantity: int, price: int) -> list[str]:
    """Codes of what is wrong with the new terms."""
    checks = {
        OFF_LOT: quantity <= 0 or quantity % instrument.lot > 0,
        OFF_TICK: price <= 0 or price % instrument.tick > 0,
        MORE_THAN_TRADED: quantity > trade.last_quantity,
        NOTHING_NEW: (quantity, price) == (trade.last_quantity, trade.last_price),
    }
    return [code for code, is_wrong in checks.items() if is_wrong]
