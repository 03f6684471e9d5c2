"""What a trader does through the recorder becomes a scenario that holds."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from websockets.sync.client import ClientConnection, connect

from tests.e2e.tool import Tool
from tradectl.probes.eventually import eventually
from tradectl.trader.client import Client
from tradectl.trader.failures import Refused
from tradectl.trader.trader import Trader

PASSWORD = "recorded-battery-staple"
ADDRESS = re.compile(r"recording at (http://\S+)/api/v1")


@pytest.fixture
def recorder(platform: Tool, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """A recorder in front of the platform: its process, its address, the file that it will write."""
    file = tmp_path / "mine" / "recorded.yaml"
    with platform.running("scenario", "record", "--out", str(file), "--json") as process:
        assert process.stderr is not None
        found = ADDRESS.search(process.stderr.readline())
        assert found is not None
        yield process, found[1], file


def trader(platform: Tool, door: str, name: str) -> Trader:
    gateway = f"http://127.0.0.1:{platform.ports()['mail.http']}"
    return Trader(Client(door), gateway, f"{name}-{os.getpid()}@example.org", name.capitalize(), password=PASSWORD)


def status_of(client: Client, order: str, *wanted: str) -> Any:
    def reached() -> Any:
        found = client.get(f"/orders/{order}")
        return found if found["status"] in wanted else None

    return eventually(reached, 20, what=f"order {order}")


def trades(one: Trader) -> None:
    """A session: money in and out, an order that is filled, one that is replaced and cancelled, and what is refused."""
    client = one.client
    one.enter()
    one.deposit("USD", "100000")
    with connect(f"{client.door.replace('http', 'ws', 1)}/api/v1/ws", compression=None) as socket:
        socket.send(json.dumps({"token": client.token}))
        socket.send(json.dumps({"op": "subscribe", "channels": ["orders"]}))
        said_of(socket, "snapshot")
        bought = client.post("/orders", terms("first", "buy", "5", type="market"))
        said_of(socket, '"status":"filled"')
    status_of(client, bought["id"], "filled")
    low = f"{Decimal(client.get('/quotes/AAPL')['bid']) * Decimal('0.97'):.0f}.00"
    rests = client.post("/orders", terms("second", "buy", "3", type="limit", tif="gtc", limit_price=low))
    client.send("PATCH", f"/orders/{rests['id']}", body={"quantity": "4"})
    client.send("DELETE", f"/orders/{rests['id']}")
    status_of(client, rests["id"], "cancelled")
    with pytest.raises(Refused):
        client.post("/orders", terms("third", "sell", "500", type="market"))
    client.post("/portfolio/withdrawals", {"asset": "USD", "amount": "250.00"}, key=True)
    topic = client.post("/chat/topics", {"title": "Recorded"})
    client.post(f"/chat/topics/{topic['id']}/messages", {"text": f"mine is {one.email}"})
    client.get("/portfolio")
    client.get("/orders", symbol="AAPL")


def said_of(socket: ClientConnection, what: str) -> None:
    """Returns once the door has said it by the WebSocket."""
    while what not in str(socket.recv(10)):
        pass


def terms(key: str, side: str, quantity: str, **others: str) -> dict[str, Any]:
    return {"client_order_id": key, "symbol": "AAPL", "side": side, "quantity": quantity, **others}


def test_a_recorded_session_is_a_scenario_without_secrets_that_holds(
    platform: Tool, recorder: tuple[subprocess.Popen[str], str, Path]
) -> None:
    process, door, file = recorder
    one = trader(platform, door, "ann")
    trades(one)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    text = file.read_text(encoding="utf-8")
    assert PASSWORD not in text + out
    assert one.client.token not in text + out
    assert one.email not in text
    steps = yaml.safe_load(text)["steps"]
    done = [next(iter(each)) for each in steps]
    acts = [
        "register",
        "login",
        "deposit",
        "subscribe",
        "place",
        "disconnect",
        "place",
        "replace",
        "cancel",
        "place",
        "withdraw",
    ]
    assert [each for each in done if each not in {"call", "expect"}] == acts
    assert {"call", "expect"} <= set(done)
    heard = [each["expect"] for each in steps if "message" in each.get("expect", {})]
    told = {"type": "delta", "data.order.id": "${buy_aapl.id}", "data.order.status": "filled"}
    assert heard == [{"message": "orders", "actor": heard[0]["actor"], "is": told}]
    places = [each["place"] for each in steps if "place" in each]
    assert [each.get("status", each.get("refused")) for each in places] == ["filled", "new", "insufficient_shares"]
    assert places[1]["limit"].startswith("bid - ")
    assert platform.ok("scenario", "check", str(file), "--json").json == {"wrong": [], "scenarios": 1}
    result = platform.run("scenario", "run", str(file), "--name", "default", "--json")
    assert result.code == 0, f"{text}\n{result.out}"


def test_who_was_there_before_has_in_the_scenario_what_he_had(
    platform: Tool, recorder: tuple[subprocess.Popen[str], str, Path]
) -> None:
    process, door, file = recorder
    before = trader(platform, f"http://127.0.0.1:{platform.ports()['bff.http']}", "bob")
    before.enter()
    before.deposit("USD", "5000")
    before.client.door = door
    assert before.client.get("/portfolio")["cash"][0]["total"] == "5000.00"
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    (actor,) = found["actors"].values()
    assert actor == {"display_name": "Bob", "deposit": {"USD": "5000.00"}}


def test_nothing_recorded_is_said_and_no_file_is_written(
    platform: Tool, recorder: tuple[subprocess.Popen[str], str, Path]
) -> None:
    process, _, file = recorder
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "nothing was recorded" in err
    assert not file.exists()
