"""A FastAPI app with one route that takes the order's own model: what a POST costs at least.

``python -m tests.bench.bare`` prints its address and serves until its standard input ends.
"""

import asyncio
import sys

import uvloop
from fastapi import FastAPI

from services.orders.api.models import NewOrder
from services.runtime.serve import bind, serve

app = FastAPI()


@app.post("/orders", status_code=201)
async def place(order: NewOrder) -> NewOrder:
    """Give back what came."""
    return order


async def main() -> None:
    """Serve with the settings of the platform's own servers."""
    server = await serve(app, bind())
    print(f"http://127.0.0.1:{server.port}/orders", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await server.stop()


if __name__ == "__main__":
    uvloop.run(main())
