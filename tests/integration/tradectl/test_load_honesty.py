"""The generator before a loopback server that stalls: nothing it does can hide that."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tradectl.load.generator import Generator, free_port, started
from tradectl.load.histogram import seconds_of
from tradectl.load.measured import Measurement
from tradectl.load.recorder import Second, merged
from tradectl.load.shapes import steady
from tradectl.load.spec import Account, Listed, Spec

RATE, SECONDS, USERS = 40.0, 5.0, 16
Seen = Callable[[Second, Generator], None]
QUOTE = {"symbol": "AAPL", "bid": "100.00", "ask": "100.02", "last": "100.01", "items": []}


class Door(BaseHTTPRequestHandler):
    """Answers everything at once, but for the second in which it stands still."""

    protocol_version = "HTTP/1.1"
    stall: float = 0.0
    began: float = 0.0
    lock = threading.Lock()

    def do_GET(self) -> None:
        """One answer; who comes while it stands still waits to its end."""
        with Door.lock:
            Door.began = Door.began or time.monotonic()
            now = time.monotonic() - Door.began
            if Door.stall and 2.0 <= now < 2.0 + Door.stall:
                threading.Event().wait(2.0 + Door.stall - now)
        body = json.dumps(QUOTE).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """A message that is read and answered."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def door(stall: float) -> Iterator[str]:
    Door.stall, Door.began = stall, 0.0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def loaded(stall: float, seen: Seen = lambda *_: None, **fields: Any) -> Measurement:
    """Lurkers before such a door; ``seen`` hears of each second as it ends."""
    with door(stall) as url:
        spec = Spec(
            door=url,
            scenario="lurker",
            accounts=[Account(f"a{number}", f"u{number}", "t", "r") for number in range(USERS)],
            instruments=[Listed("AAPL", "0.01", "1")],
            points=list(steady(RATE, SECONDS).points),
            topic="t1",
            **fields,
        )
        seconds = []
        with started(spec) as generator:
            for event in generator.events():
                if event["event"] == "second":
                    seconds.append(Second.of(event))
                    seen(seconds[-1], generator)
    return Measurement(merged(seconds), SECONDS)


def held_up(second: Second, generator: Generator) -> None:
    """The machine has something better to do than the generator, for a second."""
    if second.t == 2:
        os.kill(generator.leader.pid, signal.SIGSTOP)
        threading.Timer(1.0, os.kill, (generator.leader.pid, signal.SIGCONT)).start()


@pytest.fixture(scope="module")
def stalled() -> Measurement:
    """Forty requests a second before a door that stands still for one of five seconds."""
    return loaded(stall=1.0)


def test_a_server_that_stalls_for_a_second_raises_the_p99_to_that_second(stalled: Measurement) -> None:
    assert stalled.quantile("*", 0.99) > 0.75
    assert stalled.quantile("*", 0.99) > loaded(stall=0.0).quantile("*", 0.99)


def test_what_was_due_while_the_server_stood_still_is_slow_and_not_left_out(stalled: Measurement) -> None:
    assert stalled.count("*") == pytest.approx(RATE * SECONDS, rel=0.25)
    assert stalled.failed("*") == 0
    # Clients that wait for an answer before they ask again would have sent one each.
    slow = sum(count for bucket, count in stalled.histogram("*").counts.items() if seconds_of(bucket) > 0.1)
    assert slow > USERS


def test_several_workers_make_the_same_load_over_locusts_own_connection() -> None:
    measured = loaded(stall=0.0, workers=2, master_port=free_port())
    assert measured.count("*") == pytest.approx(RATE * SECONDS, rel=0.25)
    assert measured.failed("*") == 0


def test_a_generator_that_was_held_up_says_that_its_figures_are_its_own() -> None:
    assert "late" in loaded(stall=0.0, seen=held_up).saturation().why
