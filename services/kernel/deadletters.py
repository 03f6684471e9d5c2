"""What a service's consumer has set aside, for who operates it: shown and put back by internal pages."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from services.contracts.errors import DomainError
from services.kernel.broker import Broker, DeadLetter
from services.kernel.responses import JSON
from services.kernel.state import guard

MOST = 1_000
"""Dead letters that are shown at once, the oldest."""
ALL = 1_000_000


class Replay(msgspec.Struct, forbid_unknown_fields=True):
    """Which to put back; all that lie there where none are named."""

    ids: frozenset[int] | None = None


def pages(broker: Broker, queue: str) -> list[Route]:
    """GET /internal/dead-letters and POST /internal/dead-letters/replay of the service with this queue."""

    async def show(request: Request) -> JSON:
        guard(request)
        return JSON({"items": [letter_json(letter) for letter in await broker.dead_letters(queue, MOST)]})

    async def replay(request: Request) -> JSON:
        guard(request)
        ids = asked(await request.body()).ids
        if ids is None:
            ids = frozenset(letter.id for letter in await broker.dead_letters(queue, ALL))
        return JSON({"replayed": await broker.replay(queue, ids)})

    return [
        Route("/internal/dead-letters", show),
        Route("/internal/dead-letters/replay", replay, methods=["POST"]),
    ]


def asked(body: bytes) -> Replay:
    """DomainError when it is nothing of the kind."""
    try:
        return msgspec.json.decode(body or b"{}", type=Replay)
    except msgspec.MsgspecError as error:
        raise DomainError("invalid", 422, str(error)) from error


def letter_json(letter: DeadLetter) -> dict[str, Any]:
    """The event with what is around it, and why it lies here; ``time`` is wall time in microseconds."""
    return {"id": letter.id, "reason": letter.reason, "time": letter.time, "envelope": letter.envelope}
