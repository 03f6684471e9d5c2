"""The outside world alone, for a system that is not ours: what is printed is enough to trade."""

import configparser
import json
import socket
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import simplefix
from websockets.sync.client import connect

from tests.e2e.tool import Tool
from tradectl.stack.topology import SIMULATORS


class Client:
    """A FIX initiator of few words, set up by one of the sessions of a QuickFIX session file."""

    def __init__(self, text: str, session: int = 0) -> None:
        file = configparser.ConfigParser()
        defaults, *sessions = text.split("[SESSION]")
        file.read_string(f"{defaults}[SESSION]{sessions[session]}")
        self.settings = {**file["DEFAULT"], **file["SESSION"]}
        address = (self.settings["socketconnecthost"], int(self.settings["socketconnectport"]))
        self.socket = socket.create_connection(address, timeout=10)
        self.parser = simplefix.FixParser()
        self.number = 0

    def send(self, kind: str, *fields: tuple[int, object]) -> None:
        self.number += 1
        message = simplefix.FixMessage()
        message.append_pair(8, self.settings["beginstring"])
        message.append_pair(35, kind)
        message.append_pair(34, self.number)
        message.append_pair(49, self.settings["sendercompid"])
        message.append_pair(56, self.settings["targetcompid"])
        message.append_utc_timestamp(52, datetime.now(UTC).replace(tzinfo=None))
        for tag, value in fields:
            message.append_pair(tag, value)
        self.socket.sendall(message.encode())

    def messages(self) -> Iterator[Any]:
        """What the broker says."""
        while True:
            while (message := self.parser.get_message()) is not None:
                yield message
            self.parser.append_buffer(self.socket.recv(65_536))


def get(door: dict[str, str], path: str) -> Any:
    request = urllib.request.Request(f"{door['url']}{path}", headers={door["header"]: door["key"]})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_the_outside_world_alone_can_be_traded_with_by_what_is_printed(tool: Tool) -> None:
    doors = tool.ok("up", "--only", "sim", "--json").json["outside"]
    assert {part["name"] for part in tool.ok("ps", "--json").json["parts"]} == set(SIMULATORS)
    client = Client(doors["quickfix"])
    client.send("A", (98, 0), (108, client.settings["heartbtint"]))
    heard = client.messages()
    assert next(heard).get(35) == b"A"
    now = datetime.now(UTC).strftime("%Y%m%d-%H:%M:%S")
    client.send("D", (11, "mine-1"), (1, "desk"), (55, "AAPL"), (54, 1), (60, now), (38, 1), (40, 1), (59, 3))
    reports = (message for message in heard if message.get(35) == b"8")
    assert next(report for report in reports if report.get(39) == b"2").get(11) == b"mine-1"
    client.socket.close()
    watcher = Client(doors["quickfix"], session=1)
    watcher.send("A", (98, 0), (108, 30), (141, "Y"))
    watcher.send("V", (262, "r1"), (263, 0), (264, 1), (267, 2), (269, 0), (269, 1), (146, 1), (55, "AAPL"))
    prices = next(message for message in watcher.messages() if message.get(35) == b"W")
    assert (prices.get(55), prices.get(268)) == (b"AAPL", b"2")
    watcher.socket.close()
    assert get(doors["broker"], "/executions?since=0&limit=10")
    assert "AAPL" in {each["symbol"] for each in get(doors["provider"], "/instruments")}
    with connect(doors["stream"]["url"], additional_headers={doors["stream"]["header"]: doors["stream"]["key"]}):
        pass


def test_the_session_file_is_printed_and_kept(tool: Tool) -> None:
    out = tool.ok("up", "--only", "sim", "--port-base", "23000").out
    kept = (tool.sandbox() / "quickfix.cfg").read_text()
    assert kept in out
    assert "SocketConnectPort=23003" in kept
    assert tool.ports()["clock.http"] == 23000
    assert "tradectl smoke" not in out
