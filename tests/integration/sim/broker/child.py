"""A broker and its venue in a process of their own, to be killed: STATE FIX_PORT HTTP_PORT."""

import asyncio
import sys
from pathlib import Path

from services.runtime import killpoints
from tests.integration.sim.broker.desk import desk


async def main(state: Path, fix: int, http: int) -> None:
    """Run until killed."""
    killpoints.arm_from_environment()
    async with desk(state, {"broker.fix": fix, "broker.http": http}):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
