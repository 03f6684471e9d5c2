"""Wiring of the operators' chat."""

from services.runtime import faults
from services.runtime.resources import Resources, Running
from sim.chatops import api
from sim.chatops.room import Room


async def run(resources: Resources) -> Running:
    """Take messages and show them, all on the socket ``http``."""
    room = Room(resources.state / "chatops.db")

    async def settled() -> dict[str, object]:
        return {"messages": room.count()}

    async def stop() -> None:
        room.close()

    return Running(asgi=api.application(room, faults.of("chatops")), settled=settled, stop=stop)
