"""The list of a trader's orders among a thousand orders of all, and among a million."""

import json
import secrets
import statistics
import time

import httpx

from tests.bench.figures import Figure, figure
from tests.bench.sandbox import Sandbox, sandbox, tradectl
from tests.bench.traders import asked, trader

OWN = 120
"""Orders of the trader who looks."""
FEW, MANY, ACCOUNTS = 1_000, 1_000_000, 100_000
LOOKS = 300
ROUNDS = 5


def placed(client: httpx.Client) -> None:
    """Orders that rest far below the market."""
    quote = asked(client.get("/quotes/BTCUSDT"))
    price = f"{float(quote['bid']) * 0.95:.1f}"
    for _ in range(OWN):
        body = {"client_order_id": secrets.token_hex(8), "symbol": "BTCUSDT", "side": "buy", "type": "limit"}
        asked(client.post("/orders", json={**body, "quantity": "0.001", "limit_price": price}))


def looked(client: httpx.Client) -> float:
    """The median of many looks at the first page, ms."""
    taken = []
    for _ in range(LOOKS):
        begin = time.perf_counter()
        asked(client.get("/orders", params={"limit": 50}))
        taken.append(1_000 * (time.perf_counter() - begin))
    return statistics.median(taken)


def seed(box: Sandbox, orders: int) -> float:
    """By the command line; seconds."""
    return tradectl(box.home, "seed", "--accounts", str(ACCOUNTS), "--orders", str(orders), "--json")


def measure() -> list[Figure]:
    """The ratio of the medians, and what the seed took."""
    with sandbox() as box:
        who = trader(box, {"USDT": "10000000"})
        headers = {"Authorization": f"Bearer {who.token}"}
        with httpx.Client(base_url=box.door, headers=headers, timeout=10) as client:
            placed(client)
            seed(box, FEW)
            looked(client)
            few = [looked(client) for _ in range(ROUNDS)]
            took = seed(box, MANY)
            looked(client)
            many = [looked(client) for _ in range(ROUNDS)]
    ratios = [after / statistics.median(few) for after in many]
    name = f"orders listed among {MANY:,} to among {FEW:,}, p50, ratio"
    seconds = figure(f"tradectl seed, {ACCOUNTS:,} accounts and {MANY:,} orders, s", [took], 900, "low", " s")
    return [figure(name, ratios, 1.2, "low"), seconds]


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
