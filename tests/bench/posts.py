"""Sixteen clients that post as fast as they are answered, over connections that stay open.

The client is a few lines on asyncio's streams: one that costs more than the server it measures would hide it.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

Request = tuple[str, bytes]
"""Access token and body."""


def request_of(target: str, host: str, token: str, body: bytes) -> bytes:
    """One POST as bytes."""
    head = (
        f"POST {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    start = lower.index(b"content-length:") + 15
    length = int(lower[start : lower.index(b"\r\n", start)])
    return status, await reader.readexactly(length)


async def client(url: str, requests: Iterator[Request]) -> None:
    """Post what is left to post, one after another; RuntimeError for an answer that is not 201."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    for token, body in requests:
        writer.write(request_of(parts.path, parts.netloc, token, body))
        status, said = await answer(reader)
        if status != 201:
            raise RuntimeError(f"a POST was answered {status}: {said.decode()}")
    writer.close()
    await writer.wait_closed()


async def all_of(url: str, requests: Sequence[Sequence[Request]]) -> None:
    """One client for each list of requests, all at once."""
    async with asyncio.TaskGroup() as group:
        for each in requests:
            group.create_task(client(url, iter(each)))


def post(url: str, requests: Sequence[Sequence[Request]]) -> float:
    """Seconds until all were answered 201."""
    begin = time.perf_counter()
    asyncio.run(all_of(url, requests))
    return time.perf_counter() - begin
