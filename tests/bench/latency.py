"""Order posted → fill on the WebSocket, fifty orders a second on schedule, whether or not the last was filled."""

import asyncio
import json
import time
from urllib.parse import urlsplit

from websockets.asyncio.client import connect

from tests.bench.figures import Figure, figure
from tests.bench.life import order
from tests.bench.posts import answer, request_of
from tests.bench.sandbox import Sandbox
from tests.bench.traders import Trader, trader

RATE = 50
SECONDS = 10
ROUNDS = 3
CONNECTIONS = 8


async def at(moment: float) -> None:
    """Return at a moment of the performance counter: this is the schedule, not a wait for something to happen."""
    loop = asyncio.get_running_loop()
    come = loop.create_future()
    loop.call_at(loop.time() + moment - time.perf_counter(), come.set_result, None)
    await come


class Race:
    """When each order was to be posted, and when its fill came."""

    def __init__(self, box: Sandbox, who: Trader) -> None:
        self.box = box
        self.who = who
        self.posted: dict[str, float] = {}
        self.filled: dict[str, float] = {}
        self.done = asyncio.Event()
        self.subscribed = asyncio.Event()

    async def run(self) -> list[float]:
        """Milliseconds an order."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.listen())
            await self.subscribed.wait()
            begin = time.perf_counter() + 0.1
            for lane in range(CONNECTIONS):
                group.create_task(self.post(begin, lane))
        return [1_000 * (self.filled[key] - moment) for key, moment in self.posted.items()]

    async def post(self, begin: float, lane: int) -> None:
        """Every eighth order, at its time; latency counts from the time it was due, so waiting is not hidden."""
        url = urlsplit(f"{self.box.door}/orders")
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        for number in range(lane, RATE * SECONDS, CONNECTIONS):
            due = begin + number / RATE
            await at(due)
            body = order()
            self.posted[json.loads(body)["client_order_id"]] = due
            writer.write(request_of(url.path, url.netloc, self.who.token, body))
            status, said = await answer(reader)
            if status != 201:
                raise RuntimeError(f"a POST was answered {status}: {said.decode()}")
        writer.close()

    async def listen(self) -> None:
        """Take fills until there is one for every order."""
        async with connect(f"{self.box.door.replace('http', 'ws', 1)}/ws", compression=None) as socket:
            await socket.send(json.dumps({"token": self.who.token}))
            await socket.send(json.dumps({"op": "subscribe", "channels": ["orders"]}))
            async for frame in socket:
                now = time.perf_counter()
                for message in json.loads(frame):
                    self.take(message, now)
                if len(self.filled) == RATE * SECONDS:
                    return

    def take(self, message: dict[str, object], now: float) -> None:
        """A snapshot says that the subscription stands; a filled order ends its wait."""
        if message.get("channel") != "orders":
            return
        if message["type"] == "snapshot":
            self.subscribed.set()
            return
        text = json.dumps(message["data"])
        data = json.loads(text)
        state = data.get("order", data)
        if state.get("status") == "filled":
            self.filled.setdefault(state["client_order_id"], now)


def measure(box: Sandbox, p50: float = 15, p99: float = 80, prefix: str = "") -> list[Figure]:
    """Quantiles of each round in milliseconds, and their limits; the figure is the median of the rounds.

    The first round warms up and does not count: each statement is prepared and each route compiled once a process.
    """
    who = trader(box, {"USDT": "10000000"})
    rounds = []
    for _ in range(1 + ROUNDS):
        latencies = sorted(asyncio.run(asyncio.wait_for(Race(box, who).run(), SECONDS + 60)))
        rounds.append((latencies[len(latencies) // 2], latencies[int(len(latencies) * 0.99)]))
    name = f"{prefix}order posted → fill on the WebSocket at 50/s"
    return [
        figure(f"{name}, p50, ms", [middle for middle, _ in rounds[1:]], p50, "low", " ms"),
        figure(f"{name}, p99, ms", [last for _, last in rounds[1:]], p99, "low", " ms"),
    ]
