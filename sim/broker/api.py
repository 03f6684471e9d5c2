"""The broker by REST: orders with the same powers as by FIX, and the venue's record, which audits read.

Reports are the venue's executions: integers in the instrument's scales. What is sent are decimal strings.
"""

import secrets
from collections.abc import Awaitable, Callable, Collection
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Query, Request, Response
from pydantic import Field

from services.contracts.ids import new_id
from sim.broker import audit, problems
from sim.broker.amending import amending
from sim.broker.broker import Broker
from sim.broker.limiting import limiting
from sim.broker.orders import CL_ORD_ID, OrderRequest, ReplaceRequest, new_order, replace
from sim.broker.refusals import DUPLICATE, RefusedError
from sim.broker.responses import as_json, shown
from sim.venue.orders import Cancel, Execution

SENDER = "REST"
"""The sender of orders placed here; those of a FIX session are found under its CompID."""
LARGEST = 2**63 - 1
ClOrdId = Annotated[str, Path(max_length=64)]
Sender = Annotated[str, Query(max_length=64, description="whose orders: REST, or a FIX session's CompID")]
CancelId = Annotated[str | None, Query(alias="cl_ord_id", pattern=CL_ORD_ID)]
Number = Annotated[int, Query(ge=0, le=LARGEST)]
ExecIds = Annotated[list[Annotated[str, Field(max_length=64)]], Query(min_length=1, max_length=200)]
Limit = Annotated[int, Query(ge=1, le=1_000)]
Many = Annotated[int, Query(ge=1, le=5_000)]


def application(broker: Broker, keys: Collection[str]) -> FastAPI:
    """Open to who shows one of the keys in the header X-API-Key, or X-Internal-Key as for internal pages."""
    app = FastAPI(title="Simulated broker")
    for routes in (order_entry(broker), record(broker), amending(broker), limiting(broker)):
        app.include_router(routes, dependencies=[Depends(keyed(keys))])
    problems.install(app)
    return app


def keyed(keys: Collection[str]) -> Callable[[Request], Awaitable[None]]:
    """Refuses who shows no key."""
    known = [key.encode() for key in keys if key]

    async def check(request: Request) -> None:
        shown = request.headers.get("x-api-key") or request.headers.get("x-internal-key", "")
        if not any(secrets.compare_digest(shown.encode(), key) for key in known):
            raise HTTPException(401, "wrong key")

    return check


def order_entry(broker: Broker) -> APIRouter:
    """Place, cancel, replace: the answer is what the venue reported at once."""
    routes = APIRouter(tags=["orders"], responses=problems.answers(400, 401, 409, 422))
    venue, largest = broker.venue, broker.accounts.largest

    @routes.post("/orders", status_code=201, responses={201: shown(Execution)})
    async def place(body: OrderRequest, sender: Sender = SENDER) -> Response:
        """A new order; 409 when the id was used before."""
        reports = await broker.submit(new_order(body, sender, venue.instruments, largest(body.account)))
        if any(report.reason == DUPLICATE for report in reports):
            raise RefusedError(DUPLICATE)
        return as_json(reports, 201)

    @routes.delete("/orders/{cl_ord_id}", responses={200: shown(Execution)})
    async def cancel(cl_ord_id: ClOrdId, sender: Sender = SENDER, own: CancelId = None) -> Response:
        """Cancel what is left of an order; its executions bear the id that the request gives itself."""
        command = Cancel(sender=sender, cl_ord_id=own or new_id(), orig_cl_ord_id=cl_ord_id)
        return as_json(await broker.submit(command))

    @routes.put("/orders/{cl_ord_id}", responses={200: shown(Execution)})
    async def change(cl_ord_id: ClOrdId, body: ReplaceRequest, sender: Sender = SENDER) -> Response:
        """New terms for an order, which then goes by the id in the body; 409 when that id was used before."""
        if venue.order(sender, body.cl_ord_id) is not None:
            raise RefusedError(DUPLICATE)
        stands = venue.order(sender, cl_ord_id)
        most = largest(stands.account) if stands else broker.accounts.most
        return as_json(await broker.submit(replace(body, sender, cl_ord_id, venue.instruments, most)))

    return routes


def record(broker: Broker) -> APIRouter:
    """What is, and what was."""
    routes = APIRouter(tags=["record"], responses=problems.answers(401, 422))
    venue = broker.venue

    @routes.get("/orders", responses={200: shown(Execution)})
    async def open_orders(sender: Sender = SENDER) -> Response:
        """How each open order of a sender stands."""
        return as_json(venue.open_orders(sender))

    @routes.get("/orders/{cl_ord_id}", responses=problems.answers(404))
    async def order(cl_ord_id: ClOrdId, sender: Sender = SENDER) -> Response:
        """How an order stands."""
        found = venue.order(sender, cl_ord_id)
        if found is None:
            raise HTTPException(404, "no such order")
        return as_json(found)

    @routes.get("/executions", responses={200: shown(Execution)})
    async def executions(since: Number = 0, limit: Limit = 1_000) -> Response:
        """The venue's record, all senders', after a number; numbers rise by one and have no hole."""
        return as_json(venue.executions_since(since, limit))

    @routes.get("/executions/named", responses={200: shown(Execution)})
    async def named(exec_id: ExecIds) -> Response:
        """What the record has under these ids, in its order."""
        return as_json(venue.executions_named(exec_id))

    @routes.get("/internal/state", include_in_schema=False)
    async def state(after: Number = 0) -> Response:
        """For the audit: rows of the broker's own that are not as they were written."""
        return as_json(audit.page(venue.journal(), after))

    @routes.get("/internal/fix", include_in_schema=False)
    async def fix(limit: Many = 500) -> Response:
        """For a bug report: the FIX messages that were sent last."""
        return as_json(audit.latest(venue.journal(), limit))

    return routes
