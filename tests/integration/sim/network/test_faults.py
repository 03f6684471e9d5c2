"""What two parts see of the network between them when it is disturbed, on real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from services.contracts.faults import UnfitError
from services.runtime import faults
from services.runtime.serve import bind
from sim.network.app import disturb, server
from sim.network.manifest import Link
from sim.network.wire import Wire
from tests.breaking import broken, mend
from tests.eventually import eventually

pytestmark = pytest.mark.usefixtures("mended")
BETWEEN = "orders,broker"
SOON = 0.15
"""Seconds in which what is not held up would have come."""


class Callee:
    """Answers each byte by itself and counts what it was told."""

    def __init__(self) -> None:
        self.heard = 0
        self.connections: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.add(writer)
        try:
            while chunk := await reader.read(4_096):
                self.heard += len(chunk)
                writer.write(chunk)
        except ConnectionError:
            pass
        finally:
            self.connections.discard(writer)
            writer.close()


@asynccontextmanager
async def link(callee: Callee | None = None) -> AsyncIterator[int]:
    """The port at which the caller finds the callee."""
    there = await asyncio.start_server((callee or Callee()).serve, "127.0.0.1", 0)
    listener = bind()
    own = faults.of("network")
    wire = Wire(Link("orders", "broker.fix"), there.sockets[0].getsockname, own)
    await wire.open(listener)
    disturb(own, [wire])
    try:
        yield listener.getsockname()[1]
    finally:
        await wire.close()
        there.close()


@asynccontextmanager
async def calling(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def echo(port: int, text: bytes = b"hello") -> bytes:
    async with calling(port) as (reader, writer):
        writer.write(text)
        return await reader.readexactly(len(text))


async def silent(reader: asyncio.StreamReader, seconds: float = SOON) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await reader.read(1)
    except TimeoutError:
        return True
    return False


async def over(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


async def test_without_faults_every_byte_passes_in_order_and_the_end_too() -> None:
    async with link() as port, calling(port) as (reader, writer):
        text = bytes(range(256)) * 2_000
        writer.write(text)
        writer.write_eof()
        assert await reader.read(-1) == text


async def test_latency_is_added_each_way() -> None:
    loop = asyncio.get_running_loop()
    async with link() as port:
        broken("network", "network.latency", between=BETWEEN, ms=100)
        began = loop.time()
        assert await echo(port) == b"hello"
        assert loop.time() - began >= 0.19


async def test_jitter_keeps_the_order() -> None:
    async with link() as port:
        broken("network", "network.jitter", between=BETWEEN, ms=30)
        async with calling(port) as (reader, writer):
            for number in range(50):
                writer.write(b"%02d" % number)
                await asyncio.sleep(0)
            assert await reader.readexactly(100) == b"".join(b"%02d" % number for number in range(50))


async def test_bandwidth_is_no_more_than_it_says() -> None:
    loop = asyncio.get_running_loop()
    async with link() as port:
        broken("network", "network.bandwidth", between="broker,orders", rate=40)
        began = loop.time()
        assert len(await echo(port, b"x" * 20_480)) == 20_480
        assert loop.time() - began >= 0.5


async def test_a_lost_packet_stalls_its_connection_until_the_fault_is_over() -> None:
    async with link() as port, calling(port) as (reader, writer):
        broken("network", "network.drop", between=BETWEEN, percent=100)
        writer.write(b"hello")
        assert await silent(reader)
        mend("network")
        assert await reader.readexactly(5) == b"hello"


async def test_connections_are_reset_again_and_again() -> None:
    async with link() as port, calling(port) as (reader, writer):
        writer.write(b"x")
        assert await reader.readexactly(1) == b"x"
        broken("network", "network.reset", between=BETWEEN, every=0.2)
        assert await over(reader)
        async with calling(port) as (again, _):
            assert await over(again)


async def test_half_open_carries_nothing_and_ends_the_connection_when_it_is_over() -> None:
    callee = Callee()
    async with link(callee) as port, calling(port) as (reader, writer):
        writer.write(b"x")
        assert await reader.readexactly(1) == b"x"
        broken("network", "network.half_open", between=BETWEEN)
        writer.write(b"hello")
        assert await silent(reader)
        assert callee.heard == 1
        mend("network")
        assert await over(reader)
        assert await echo(port) == b"hello"


async def test_a_slow_reader_takes_no_more_than_it_says() -> None:
    callee = Callee()
    async with link(callee) as port:
        broken("network", "network.slow_read", between=BETWEEN, rate=10)
        async with calling(port) as (_, writer):
            began = asyncio.get_running_loop().time()
            writer.write(b"x" * 100_000)
            await eventually(lambda: callee.heard > 3_000)
            spent = asyncio.get_running_loop().time() - began
            assert callee.heard <= 16_384 + (spent + 0.2) * 10_240


async def test_who_is_refused_is_cut_off_and_may_come_again_later() -> None:
    async with link() as port, calling(port) as (reader, writer):
        writer.write(b"x")
        assert await reader.readexactly(1) == b"x"
        broken("network", "network.refuse", between=BETWEEN)
        assert await over(reader)
        async with calling(port) as (refused, _):
            assert await over(refused)
        mend("network")
        assert await echo(port) == b"hello"


async def test_a_link_that_is_not_there_is_refused_by_name() -> None:
    async with link():
        with pytest.raises(UnfitError, match="broker,orders"):
            broken("network", "network.latency", between="orders,moon")


async def test_the_callee_hears_when_its_caller_is_gone() -> None:
    callee = Callee()
    async with link(callee) as port:
        async with calling(port) as (reader, writer):
            writer.write(b"x")
            assert await reader.readexactly(1) == b"x"
        await eventually(lambda: not callee.connections)


async def test_a_server_is_looked_for_anew_with_each_connection(tmp_path: Path) -> None:
    written, callee = tmp_path / "infrastructure.json", Callee()
    there = await asyncio.start_server(callee.serve, "127.0.0.1", 0)
    listener, own = bind(), faults.of("network")
    wire = Wire(Link("orders", "primary", "database"), partial(server, written, "primary"), own)
    await wire.open(listener)
    try:
        async with calling(listener.getsockname()[1]) as (reader, _):
            assert await over(reader)
        port = there.sockets[0].getsockname()[1]
        written.write_text(json.dumps({"containers": {"primary": {"port": port}}}), encoding="utf-8")
        assert await echo(listener.getsockname()[1]) == b"hello"
    finally:
        await wire.close()
        there.close()
