"""A service in this process and what it hears of its neighbours: auth's keys, market data's instruments, events."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from fastapi import FastAPI, Response

from services.contracts import channels
from services.contracts.envelope import Envelope, body_of
from services.contracts.event import Event
from services.contracts.ids import new_id
from services.contracts.instruments import ListedInstrument
from services.contracts.market import Quote
from services.runtime import local
from services.runtime.clock import wall
from services.runtime.resources import Running
from tests import instruments
from tests.eventually import eventually
from tests.instruments import listed
from tests.integration.bff.stack import Stack
from tests.integration.people import offer_auth

AAPL = listed(instruments.AAPL, 20_000)
BTCUSDT = listed(instruments.BTCUSDT, 6_000_000)


def offer_instruments(*listed: ListedInstrument) -> None:
    """Market data, as far as another service asks it at its start."""
    market_data = FastAPI()

    @market_data.get("/internal/instruments")
    async def instruments() -> Response:
        return Response(msgspec.json.encode(listed), media_type="application/json")

    local.offer("asgi://market_data", market_data)


def enveloped(event: Event, seq: int = 1) -> Envelope:
    """The event on its way."""
    return Envelope(
        id=new_id(),
        name=event.name,
        version=event.version,
        producer=event.producer,
        key=event.key,
        seq=seq,
        time=wall(),
        market_time=1_723_101_000_000_000,
        correlation="test",
        body=body_of(event),
    )


class Neighbourhood:
    """Publishes as the outboxes of other services would; numbers count up per aggregate."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._seqs: Counter[str] = Counter()

    def envelope(self, event: Event, seq: int | None = None) -> Envelope:
        """The event on its way, by default with the next number of its aggregate."""
        if seq is None:
            self._seqs[event.key] += 1
        return enveloped(event, seq or self._seqs[event.key])

    async def publish(self, *events: Event, traceparent: str | None = None) -> list[Envelope]:
        envelopes = [msgspec.structs.replace(self.envelope(event), traceparent=traceparent) for event in events]
        await self.deliver(envelopes)
        return envelopes

    async def deliver(self, envelopes: Sequence[Envelope]) -> None:
        await self.stack.broker.publish(envelopes)

    async def quote(self, symbol: str, last: int, previous_close: int | None = None) -> None:
        """As market data keeps the last quote in the cache."""
        quote = Quote(
            symbol=symbol,
            seq=1,
            time=1,
            bid=last - 1,
            bid_size=1,
            ask=last + 1,
            ask_size=1,
            last=last,
            previous_close=previous_close,
        )
        await self.stack.cache.set(channels.quotes(symbol), msgspec.json.encode(quote))


@asynccontextmanager
async def neighbourhood(folder: Path, options: Mapping[str, str] | None = None) -> AsyncIterator[Neighbourhood]:
    """Broker, cache, auth's keys and two instruments; services are started by the test."""
    stack = Stack(folder, ("auth", "market_data"), options or {})
    try:
        offer_auth()
        offer_instruments(AAPL, BTCUSDT)
        yield Neighbourhood(stack)
    finally:
        await stack.cache.close()
        await stack.broker.close()
        local.clear()


async def ready(running: Running) -> None:
    """Until nothing is missing."""

    async def nothing_missing() -> bool:
        return not await running.ready()

    await eventually(nothing_missing)


async def settled(running: Running) -> None:
    """Until all that was published is applied and sent: looked at twice, as the tool does.

    RabbitMQ counts a message no more once it is under way to the consumer, who counts it when it has come.
    """

    async def quiet() -> bool:
        pending = await running.settled()
        return not (pending["queued"] or pending["unpublished"])

    async def twice() -> bool:
        return await quiet() and await quiet()

    await eventually(twice)
