"""What a scenario costs over the same calls in plain Python: httpx in a loop, in the same sandbox, in turn."""

import json
import os
import secrets
import subprocess
import time

import httpx

from tests.bench.figures import PAIRS, Figure, figure
from tests.bench.sandbox import NAME, TRADECTL, Sandbox, sandbox
from tests.bench.traders import asked, trader

ROUNDS = 100
SYMBOL = "IBM"
SCENARIO = f"""\
scenario: The same calls as in plain Python.
actors:
  ann: {{deposit: {{USD: 100000}}}}
steps:
  - call: {{get: /quotes/{SYMBOL}}}
  - place: {{symbol: {SYMBOL}, side: buy, type: limit, quantity: 1, limit: low}}
    as: first
  - cancel: {{order: first}}
  - repeat:
      times: {ROUNDS}
      steps:
        - call: {{get: /quotes/{SYMBOL}, is: {{bid: {{gt: 0}}}}}}
        - place: {{symbol: {SYMBOL}, side: buy, type: limit, quantity: 1, limit: "${{first.limit_price}}"}}
          as: order
        - call: {{get: "/orders/${{order.id}}", is: {{quantity: 1}}}}
        - cancel: {{order: order}}
"""


def scenario(box: Sandbox, file: str) -> float:
    """Seconds of its rounds, by its own report."""
    done = subprocess.run(
        [TRADECTL, "scenario", "run", file, "--name", NAME, "--json"],
        env={**os.environ, "TRADECTL_HOME": str(box.home)},
        capture_output=True,
        text=True,
        check=True,
    )
    steps = json.loads(done.stdout)["outcomes"][0]["steps"]
    return float(next(step["seconds"] for step in steps if step["title"].startswith("repeat")))


def plain(client: httpx.Client, price: str) -> float:
    """Seconds of as many rounds."""
    begin = time.perf_counter()
    terms = {"symbol": SYMBOL, "side": "buy", "type": "limit", "quantity": "1", "limit_price": price}
    for _ in range(ROUNDS):
        assert float(asked(client.get(f"/quotes/{SYMBOL}"))["bid"]) > 0
        order = asked(client.post("/orders", json={**terms, "client_order_id": secrets.token_hex(8)}))["id"]
        assert float(asked(client.get(f"/orders/{order}"))["quantity"]) == 1
        asked(client.delete(f"/orders/{order}"))
    return time.perf_counter() - begin


def lowest(client: httpx.Client) -> str:
    """A price far below the market, on tick."""
    return f"{float(asked(client.get(f'/quotes/{SYMBOL}'))['bid']) * 0.95:.2f}"


def measure() -> list[Figure]:
    """The ratio of the same rounds, in turn."""
    with sandbox() as box:
        file = box.home / "overhead.yaml"
        file.write_text(SCENARIO, encoding="utf-8")
        headers = {"Authorization": f"Bearer {trader(box, {'USD': '100000'}).token}"}
        with httpx.Client(base_url=box.door, headers=headers, timeout=10) as client:
            price = lowest(client)
            plain(client, price)
            ratios = [scenario(box, str(file)) / plain(client, price) for _ in range(PAIRS)]
    return [figure("a scenario's calls ÷ the same in plain Python", ratios, 1.2, "low")]
