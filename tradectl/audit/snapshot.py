"""What every service and the venue say, read from their internal pages alone."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tradectl.audit import lost
from tradectl.audit.lost import Lost
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http
from tradectl.probes.settled import Settled

Row = dict[str, Any]
PAGE = 1_000
"""Executions on a page of the venue's record."""
TAPE = 10_000
"""Trades of each symbol that candles are held against."""
AUDITED = ("auth", "market_data", "orders", "portfolio", "notifications", "recommendations", "chat")
SEALED = ("venue", "broker")
"""Simulators that look at their own rows; what they hold is read by their pages."""


@dataclass
class Snapshot:
    """Rows by service and table, the last event of each aggregate sent and seen, and the venue's record."""

    tables: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    sent: dict[str, dict[str, int]] = field(default_factory=dict)
    """By service and key."""
    seen: dict[str, dict[str, int]] = field(default_factory=dict)
    """By service and `producer:key`."""
    executions: list[Row] = field(default_factory=list)
    sessions: dict[str, Row] = field(default_factory=dict)
    """Sequence numbers of the broker's FIX sessions, by client."""
    unsound: list[Row] = field(default_factory=list)
    """Rows that are not as they were written, by their seals: ``service``, ``table`` and the row's key."""
    tape: dict[str, list[Row]] = field(default_factory=dict)
    """The venue's latest trades by symbol, up to the last one that market data has counted or further."""
    mails: list[Row] = field(default_factory=list)
    """What the mail gateway received."""
    pushes: list[Row] = field(default_factory=list)
    """What the push endpoint received, decrypted."""

    def rows(self, place: str) -> list[Row]:
        """The rows of `service.table`; none when the service shows no such table."""
        service, _, table = place.partition(".")
        return self.tables.get(service, {}).get(table, [])

    def indexed(self, place: str, *key: str) -> dict[tuple[Any, ...], Row]:
        """The rows by the values of some columns."""
        return {tuple(row[column] for column in key): row for row in self.rows(place)}

    def in_flight(self) -> Iterator[str]:
        """Aggregates of which a consumer that needs each event has not seen the last one yet."""
        for consumer, seen in self.seen.items():
            for stream, seq in seen.items():
                producer, _, key = stream.partition(":")
                if consumer != producer and self.sent.get(producer, {}).get(key, 0) > seq:
                    yield key
        for key in self.sent.get("orders", {}):
            if f"orders:{key}" not in self.seen.get("portfolio", {}):
                yield key
        for table, column in ASKED.items():
            for row in self.rows(f"portfolio.{table}"):
                told = row[column] in self.sent.get("portfolio", {})
                if told and f"portfolio:{row[column]}" not in self.seen.get("orders", {}):
                    yield row[column]


ASKED = {"deposits": "deposit_id", "withdrawals": "withdrawal_id"}
"""What orders must hear of, by the tables of the portfolio."""


@dataclass(frozen=True)
class Sources:
    """Where to read: the endpoints of a running sandbox, the key of its internal pages, and what restores have lost."""

    endpoints: Mapping[str, str]
    key: str
    provider_key: str
    losses: Sequence[Lost] = ()

    @classmethod
    def of(cls, endpoints: Mapping[str, str], keys: Mapping[str, str], losses: Path) -> Self:
        """Those of a sandbox of this machine, by its keys and its file of what restores have lost."""
        return cls(endpoints, keys["key"], keys["provider_key"], lost.read(losses))

    def read(self) -> Snapshot:
        """Everything. Who consumes is read before who publishes, so that a consumer is never ahead."""
        snapshot = Snapshot()
        for service in reversed(AUDITED):
            self._read_service(snapshot, service)
        snapshot.executions = list(self._executions())
        settled = self._page("broker", "/internal/settled", {})
        snapshot.sessions = {
            name.removeprefix(NUMBERS): row for name, row in settled.items() if name.startswith(NUMBERS)
        }
        for simulator in SEALED:
            self._read_service(snapshot, simulator)
        snapshot.tape = {row["symbol"]: self._tape(row) for row in snapshot.rows("market_data.progress")}
        snapshot.mails = list(self._received("mail"))
        snapshot.pushes = list(self._received("push"))
        return snapshot

    def read_rows(self, *services: str) -> Snapshot:
        """The rows of some services, and the venue's record."""
        snapshot = Snapshot()
        for service in services:
            self._read_service(snapshot, service)
        snapshot.executions = list(self._executions())
        return snapshot

    def settled(self) -> Settled:
        """A probe for whether the books have come to rest. Who is not there has nothing."""
        parts = [f"{part}.http" for part in (*AUDITED, "broker") if f"{part}.http" in self.endpoints]
        return Settled({port: self.endpoints[port] for port in parts}, self.key, books_only=True)

    def _read_service(self, snapshot: Snapshot, service: str) -> None:
        tables = snapshot.tables.setdefault(service, {})
        query: dict[str, str] = {"limit": "20000"}
        while True:
            page = self._page(service, "/internal/state", query)
            for table, rows in page["tables"].items():
                tables.setdefault(table, []).extend(rows)
            snapshot.unsound += [{"service": service, **row} for row in page["unsound"]]
            snapshot.sent.setdefault(service, {}).update(page.get("sent", {}))
            snapshot.seen.setdefault(service, {}).update(page.get("seen", {}))
            if page["next"] is None:
                return
            query["after"] = page["next"]

    def _executions(self) -> Iterator[Row]:
        since = 0
        while True:
            page: list[Row] = self._page("broker", "/executions", {"since": str(since), "limit": str(PAGE)})
            yield from page
            if len(page) < PAGE:
                return
            since = page[-1]["number"]

    def _tape(self, progress: Row) -> list[Row]:
        after = max(0, int(progress["trade_id"]) - TAPE)
        query = {"symbol": str(progress["symbol"]), "after": str(after), "limit": str(TAPE)}
        url = f"{self.endpoints['provider.http']}/trades"
        answer = http.get(url, query=query, headers={"X-API-Key": self.provider_key})
        if answer.status == 404:  # no such symbol: a rule says so
            return []
        return [dict(trade) for trade in answered(answer, url)]

    def _received(self, part: str) -> Iterator[Row]:
        """Every message that a simulator was sent."""
        since = 0
        while True:
            page: list[Row] = self._page(part, "/messages", {"since": str(since), "limit": "200"})["items"]
            yield from page
            if len(page) < 200:
                return
            since = page[-1]["id"]

    def _page(self, part: str, path: str, query: Mapping[str, str]) -> Any:
        url = f"{self.endpoints[f'{part}.http']}{path}"
        return answered(http.get(url, query=query, headers={"X-Internal-Key": self.key}), url)


NUMBERS = "numbers:"


def answered(answer: http.Answer, url: str) -> Any:
    """The page; TradectlError when the part refuses it."""
    if answer.status != 200:
        raise TradectlError(f"{url} answered {answer.status}", "`tradectl ps` says how it is", ExitCode.NOT_UP)
    document: Row = answer.json()
    return document


def document(value: str) -> Any:
    """A column of JSON bytes, as pages show it; one that cannot be read holds nothing."""
    try:
        return json.loads(base64.b64decode(value))
    except ValueError:
        return {}
