"""Passes a WebSocket on, both ways; each frame is told in the order in which it came."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

CLOSED = {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
Socket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


@dataclass(frozen=True)
class Hearers:
    """``asked`` is awaited before a client's frame goes on; ``said`` hears the door's; ``closed`` its code, or None."""

    asked: Callable[[Any], Awaitable[None]]
    said: Callable[[Any], None]
    closed: Callable[[int | None], None]


async def pass_on(near: web.WebSocketResponse, far: aiohttp.ClientWebSocketResponse, hearers: Hearers) -> None:
    """Until one of them has gone; then the other goes, too."""

    async def said(frame: Any) -> None:
        hearers.said(frame)

    outward = asyncio.create_task(pump(near, far, hearers.asked))
    inward = asyncio.create_task(pump(far, near, said))
    done, left = await asyncio.wait({outward, inward}, return_when=asyncio.FIRST_COMPLETED)
    for each in left:
        each.cancel()
    hearers.closed(far.close_code if inward in done else None)
    await near.close(code=far.close_code or 1000)


async def pump(source: Socket, sink: Socket, hear: Callable[[Any], Awaitable[None]]) -> None:
    """Messages of one side to the other, until one of them has gone."""
    async for message in source:
        if message.type in CLOSED:
            return
        if message.type is aiohttp.WSMsgType.BINARY:
            await sink.send_bytes(message.data)
            continue
        await hear(document_of(message.data))
        await sink.send_str(message.data)


def document_of(text: str) -> Any:
    """None for what is no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return None
