"""No secret that the standard set uses is told to anybody: by what leaves through OTLP, or what stays on the disk."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import docker
import pytest

from services.runtime.log import is_secret
from tests.architecture.tree import ROOT
from tests.containers import IMAGES, need
from tradectl.probes import http
from tradectl.scenario import grounds
from tradectl.scenario.load import load_all
from tradectl.scenario.suite import Suite, Wish
from tradectl.scenario.target import Target
from tradectl.stack.containers.owner import filters
from tradectl.stack.containers.passwords import FILE as PASSWORDS

OPENING = frozenset({"authorization", "x-internal-key", "x-provider-key", "cookie"})
"""Headers."""
KEYS = frozenset({"auth", "keys", "recovery_codes"})
"""Fields that hold secrets and are not called so; masks are by name, and these are never logged at all."""
FILES = ("secrets.json", PASSWORDS)
SHORTEST = 10
"""Characters of what is looked for: six digits are found in any time."""
KINDS = {"password", "access_token", "refresh_token", "secret", "recovery_codes", "code", "x-internal-key", "keys"}
"""At least these are used."""
OF_SERVERS = ("money", "people", "telemetry", "notifications/pushed.yaml", "held/two-traders-meet.yaml")
"""Scenarios for servers, whose passwords all services use in any of them; each secret of users is in one of these."""
NO_SECRET = frozenset({"life"})
"""What passwords.json also says: labels have it."""


class Used:
    """Every secret that went to a platform or came from one while the set ran, by what it was called."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.secrets: dict[str, set[str]] = {}
        self.orders: set[str] = set()
        """Ids, which are no secret: logs have them."""

    def tap(self, request: Callable[..., http.Answer]) -> Callable[..., http.Answer]:
        """A request that is heard."""

        def heard(method: str, url: str, **sent: Any) -> http.Answer:
            answer = request(method, url, **sent)
            self._header(sent.get("headers") or {})
            self._field("", sent.get("body"), asked=True)
            if answer.headers.get("content-type", "").startswith("application/json") and answer.body:
                self._field("", json.loads(answer.body), asked=False)
            if url.endswith("/auth/login"):
                self._files()
            return answer

        return heard

    def _header(self, headers: Mapping[str, str]) -> None:
        for name, value in headers.items():
            if name.lower() in OPENING:
                self._add(name.lower(), value.removeprefix("Bearer "))

    def _field(self, name: str, value: object, *, asked: bool) -> None:
        """A problem's ``code`` is no secret, a code that somebody shows is one."""
        if isinstance(value, dict):
            for each, inner in value.items():
                self._field(each if name not in KEYS else name, inner, asked=asked)
            if "client_order_id" in value and "id" in value:
                self.orders.add(str(value["id"]))
        elif isinstance(value, list):
            for inner in value:
                self._field(name, inner, asked=asked)
        elif isinstance(value, str) and (is_secret(name) or name in KEYS) and (asked or name != "code"):
            self._add(name, value)

    def _files(self) -> None:
        """What opens the sandboxes that are up."""
        for file in FILES:
            for path in self._home.glob(f"sandboxes/*/{file}"):
                document = json.loads(path.read_bytes())
                for value in texts({name: each for name, each in document.items() if name not in NO_SECRET}):
                    self._add(file, value)

    def _add(self, name: str, value: str) -> None:
        if len(value) >= SHORTEST:
            self.secrets.setdefault(name, set()).add(value)


def texts(document: object) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict | list):
        for each in document.values() if isinstance(document, dict) else document:
            yield from texts(each)


class Collector(BaseHTTPRequestHandler):
    """An endpoint of OTLP that keeps all, as it came."""

    bodies: list[bytes]

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Tests are told nothing of it."""


@contextmanager
def collecting() -> Iterator[tuple[str, list[bytes]]]:
    """The endpoint's address, and what has come."""
    bodies: list[bytes] = []
    handler = type("Collecting", (Collector,), {"bodies": bodies})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", bodies
        finally:
            server.shutdown()
            thread.join()


def kept(home: Path) -> Iterator[tuple[str, bytes]]:
    """What is left beside the sandboxes: runs' telemetry, bundles of failures."""
    for path in home.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(home)), path.read_bytes()


@contextmanager
def reading(monkeypatch: pytest.MonkeyPatch, into: dict[str, bytes]) -> Iterator[None]:
    """What parts and servers wrote into their logs is read before a sandbox is removed with them."""
    remove = grounds.remove

    def read_first(target: Target) -> None:
        for file in target.here.logs.iterdir():
            into[f"{target.here.name} {file.name}"] = file.read_bytes()
        if target.backend == "containers":
            for server in docker.from_env().containers.list(filters=dict(filters(target.here))):
                into[str(server.name)] = server.logs()
        remove(target)

    with monkeypatch.context() as patched:
        patched.setattr(grounds, "remove", read_first)
        yield


def found(secrets: Mapping[str, Iterable[str]], places: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Which kinds are where."""
    return [
        (kind, place)
        for kind, values in secrets.items()
        for place, text in places.items()
        if any(value.encode() in text for value in values)
    ]


@pytest.mark.night
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize(
    ("backend", "selection", "enough", "files"),
    [("embedded", ("",), 80, FILES[:1]), ("containers", OF_SERVERS, 20, FILES)],
)
def test_no_secret_that_the_standard_set_uses_is_told_to_anybody(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    backend: str,
    selection: tuple[str, ...],
    enough: int,
    files: tuple[str, ...],
) -> None:
    if backend == "containers":
        for kind in IMAGES:
            need(kind)
    used, logs = Used(tmp_path), dict[str, bytes]()
    monkeypatch.setenv("TRADECTL_HOME", str(tmp_path))
    monkeypatch.setattr(http, "request", used.tap(http.request))
    with collecting() as (endpoint, bodies), reading(monkeypatch, logs):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", f"{endpoint}/v1/logs")
        scenarios = load_all([ROOT / "scenarios" / each for each in selection], [])
        outcomes = Suite(scenarios, Wish(backend=backend, parallel=2), lambda *_: None).run()
    assert sum(each.status == "held" for each in outcomes) > enough, [(each.name, each.why) for each in outcomes][:5]
    places = {"exported": b"\n".join(bodies), **logs, **dict(kept(tmp_path))}
    assert used.secrets.keys() >= KINDS | {*files}
    told = [order for order in used.orders if order.encode() in places["exported"]]
    assert len(told) > min(50, enough), "logs are looked at"
    assert any(told[0].encode() in log for log in logs.values()), "these, too"
    assert found(used.secrets, places) == []
