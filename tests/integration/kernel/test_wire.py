"""A connection to what is no RabbitMQ."""

import asyncio
from typing import Any

import pytest
from yarl import URL

from services.kernel.broker import BrokerLost
from services.kernel.broker.rabbit.wire import Socket, Wire, address
from tests.eventually import eventually


async def test_who_hangs_up_before_a_word_is_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a forwarded port does whose container is gone: the end may be there before the greeting is looked for."""
    create = Socket.create

    async def ended(socket: Socket, url: URL, **options: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await create(socket, url, **options)
        await eventually(reader.at_eof)
        return reader, writer

    monkeypatch.setattr(Socket, "create", ended)
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0) as nobody:
        port = nobody.sockets[0].getsockname()[1]
        with pytest.raises(BrokerLost):
            await Wire.open(address(f"amqp://guest:guest@127.0.0.1:{port}/"), "nobody")
