"""The connections of one link."""

import asyncio
import socket
from collections.abc import Callable

from services.runtime.faults import Active, Faults
from services.runtime.log import logger
from sim.network.manifest import Link
from sim.network.pump import Pump

log = logger("network")
Address = tuple[str, int]


class Wire:
    """Takes connections on a socket and leads each to the callee, wherever that is by then."""

    def __init__(self, link: Link, far: Callable[[], Address], faults: Faults) -> None:
        self.link = link
        self._far = far
        self._faults = faults
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def open(self, listener: socket.socket) -> None:
        """Take connections."""
        self._server = await asyncio.start_server(self._accept, sock=listener)

    async def close(self) -> None:
        """Take none any more, and end those that are there."""
        if self._server is not None:
            self._server.close()
        self.cut()
        if self._connections:
            await asyncio.wait(self._connections)

    def find(self, kind: str) -> Active | None:
        """The fault of this kind that lies on this link."""
        found = (each for each in self._faults.active if each.fault.kind == kind and each.left > 0)
        return next((each for each in found if ends_of(each) == self.link.ends), None)

    def cut(self) -> None:
        """End all connections now."""
        for task, writer in list(self._connections.items()):
            writer.transport.abort()
            task.cancel()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.find("network.refuse"):
            writer.transport.abort()
            return
        task = asyncio.get_running_loop().create_task(self._carry(reader, writer))
        self._connections[task] = writer
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._connections[task]
        if not task.cancelled() and (error := task.exception()):
            log.info("a connection ended", link=self.link.port, error=repr(error))

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Both directions, until both have ended or one broke."""
        far_writer: asyncio.StreamWriter | None = None
        try:
            far, far_writer = await asyncio.open_connection(*self._far())
            for writer in (back, far_writer):
                writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            async with asyncio.TaskGroup() as both:
                both.create_task(Pump(near, far_writer, self.find).run())
                both.create_task(Pump(far, back, self.find).run())
        finally:
            for each in (back, far_writer):
                if each is not None:
                    each.transport.abort() if each.transport.get_write_buffer_size() else each.close()


def ends_of(active: Active) -> frozenset[str]:
    """The parts that a fault lies between."""
    return frozenset(each.strip() for each in active.text("between").split(","))
