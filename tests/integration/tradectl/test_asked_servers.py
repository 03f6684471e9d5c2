"""Whoever keeps telemetry, asked over HTTP: what comes of each kind of answer."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import pytest

from tradectl.alerts.asking import speak
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.telemetry import ask, over


class Server(BaseHTTPRequestHandler):
    """Answers with the status that ends the path, and with what it was asked."""

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        end = asked.path.rpartition("/")[2]
        self.send_response(int(end) if end.isdigit() else 200)
        self.end_headers()
        self.wfile.write(json.dumps({"data": dict(parse_qsl(asked.query))}).encode())

    def do_DELETE(self) -> None:
        self.send_response(int(self.path.rpartition("/")[2]))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests are told nothing of it."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Server) as made:
        thread = Thread(target=made.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}/"
        made.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", ["prometheus", "loki"])
def test_a_range_is_asked_for_in_seconds_by_both(server: str, kind: str) -> None:
    found = over(kind, server, "up", 1.5, 1_723_100_000.25, step="5")
    assert found == {"query": "up", "start": "1.500000", "end": "1723100000.250000", "step": "5"}


@pytest.mark.parametrize(
    ("status", "code"), [(400, ExitCode.BAD_INPUT), (404, ExitCode.BAD_INPUT), (503, ExitCode.NOT_UP)]
)
def test_what_is_refused_is_said_with_the_words_of_who_refuses(server: str, status: int, code: ExitCode) -> None:
    with pytest.raises(TradectlError, match=f"prometheus refuses up: {status} .*data") as refused:
        ask("prometheus", server, f"/{status}", {"query": "up"})
    assert refused.value.exit_code is code


def test_what_is_not_there_may_be_an_answer(server: str) -> None:
    assert ask("jaeger", server, "/404", missing={}) == {}


def test_a_silence_that_is_not_there_is_named_with_where_to_look(server: str) -> None:
    speak(server, "200")
    with pytest.raises(TradectlError, match="no silence 404") as refused:
        speak(server, "404")
    assert refused.value.exit_code is ExitCode.NOT_FOUND
    assert "tradectl alerts silences" in refused.value.hint


def test_who_does_not_answer_is_named_with_what_to_do() -> None:
    with pytest.raises(TradectlError, match="alertmanager does not answer") as refused:
        ask("alertmanager", "http://127.0.0.1:1", "/")
    assert refused.value.exit_code is ExitCode.NOT_UP
    assert "TRADECTL_ALERTMANAGER_URL" in refused.value.hint
