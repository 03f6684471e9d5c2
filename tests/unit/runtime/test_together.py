"""Head and body in one write."""

import asyncio
from typing import cast

from services.runtime.together import Together

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Written:
    """A transport that remembers its writes."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


def joined(written: Written) -> Together:
    return Together(cast("asyncio.Transport", written))


async def test_a_head_waits_for_its_body() -> None:
    written = Written()
    transport = joined(written)
    transport.write(HEAD)
    assert written.writes == []
    transport.write(b"body")
    transport.write(b"more")
    assert written.writes == [HEAD + b"body", b"more"]
    await asyncio.sleep(0)
    assert written.writes == [HEAD + b"body", b"more"]


async def test_a_head_without_a_body_leaves_at_the_loops_next_turn_or_when_the_connection_ends() -> None:
    written = Written()
    transport = joined(written)
    transport.write(HEAD)
    await asyncio.sleep(0)
    assert written.writes == [HEAD]
    transport.write(HEAD)
    transport.close()
    assert (written.writes, written.closed) == ([HEAD, HEAD], True)


async def test_nothing_is_written_to_a_connection_that_is_gone() -> None:
    written = Written()
    transport = joined(written)
    transport.write(HEAD)
    written.closed = True
    await asyncio.sleep(0)
    assert written.writes == []
    assert transport.is_closing()
