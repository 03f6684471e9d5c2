"""The door's start, while what it needs is still starting."""

import asyncio

import httpx

from tests.eventually import eventually
from tests.integration.bff.market import TestMarket
from tests.integration.bff.stack import KEY, Stack


async def test_the_door_waits_for_market_data_however_late_that_comes(auth: Stack) -> None:
    door = auth.part("bff")
    opening = asyncio.ensure_future(door.__aenter__())
    await asyncio.wait((opening,), timeout=0.2)
    assert not opening.done()
    TestMarket(auth.cache).offer(KEY)
    await eventually(opening.done)
    await opening
    async with httpx.AsyncClient(base_url=auth.url("bff"), trust_env=False) as client:
        assert (await client.get("/live")).status_code == 200
    await door.__aexit__(None, None, None)
