"""FIX sessions from both sides, and the messages that were sent last."""

from collections.abc import Mapping
from typing import Any

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import DataTable

from tradectl.dash.drawing import state
from tradectl.dash.pane import Cells, Pane, fill, table
from tradectl.overview.flow import Session
from tradectl.telemetry.fix import NAMES, fields_of
from tradectl.telemetry.life import SIDES

MOST = 100
KINDS = {
    **NAMES,
    "0": "Heartbeat",
    "1": "TestRequest",
    "2": "ResendRequest",
    "3": "Reject",
    "4": "SequenceReset",
    "5": "Logout",
    "A": "Logon",
}
Messages = list[tuple[str, Mapping[str, Any]]]


class SessionsPane(Pane):
    """Sessions above, messages of both sides below, the newest first."""

    def body(self) -> ComposeResult:
        yield table("side", "with", "next_out", "next_in", "state", id="sessions")
        yield table("sent", "by", "number", "what", "message", id="messages")

    def read(self) -> tuple[list[Session], Messages]:
        sent = [(side, item) for side in SIDES for item in self.facts.fix(side, MOST)]
        return self.facts.sessions(), sorted(sent, key=lambda each: sent_at(each[1]), reverse=True)

    def show(self, found: tuple[list[Session], Messages]) -> None:
        sessions, messages = found
        rows = {
            f"{each.side} {each.session}": (each.side, each.session, each.next_out, each.next_in, state(each.state))
            for each in sessions
        }
        fill(self.query_one("#sessions", DataTable), rows)
        told = {f"{side} {item['session']} {item['number']}": cells(side, item) for side, item in messages}
        fill(self.query_one("#messages", DataTable), told)


def sent_at(item: Mapping[str, Any]) -> str:
    return fields_of(str(item["text"])).get("52", "")


def cells(side: str, item: Mapping[str, Any]) -> Cells:
    fields = fields_of(str(item["text"]))
    kind = fields.get("35", "")
    return sent_at(item)[9:], side, item["number"], KINDS.get(kind, kind), Text(str(item["text"]))
