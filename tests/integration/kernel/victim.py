"""A process to be killed: produces twenty events in pairs and applies them; ends by itself when all is done.

Started again on the same folder, it goes on where it was.
"""

import asyncio
import sys
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from services.runtime.killpoints import arm_from_environment
from tests.eventually import eventually
from tests.integration.kernel.chain import Chain, chain_in, produce, produced

EVENTS = 20
TOPICS = ("a", "b")
DEADLINE = 30


async def live(folder: Path) -> None:
    async with asyncio.timeout(DEADLINE), chain_in(folder) as chain:
        chain.start(chain.relay, chain.consumer())
        for topic in TOPICS:
            for number in range(await count(chain, topic) + 1, EVENTS, 2):
                await chain.source.transact(produce, topic, (number, number + 1))
                await eventually(partial(is_near, chain, topic, number + 1), DEADLINE)
        for topic in TOPICS:
            await eventually(partial(all_applied, chain, topic), DEADLINE)


async def is_near(chain: Chain, topic: str, number: int) -> bool:
    """Whether the consumer is at most two pairs behind: many small batches pass each point often enough."""
    return len(await chain.applied(topic)) + 4 >= number


async def all_applied(chain: Chain, topic: str) -> bool:
    return len(await chain.applied(topic)) == EVENTS


async def count(chain: Chain, topic: str) -> int:
    async with chain.source.reading() as connection:
        question = select(func.count()).select_from(produced).where(produced.c.topic == topic)
        return int((await connection.execute(question)).scalar_one())


if __name__ == "__main__":
    arm_from_environment()
    asyncio.run(live(Path(sys.argv[1])))
