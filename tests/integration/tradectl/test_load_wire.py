"""A load's own client at a door with TLS."""

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tradectl.certs.folder import Folder
from tradectl.load.wire import Failed, Wire
from tradectl.probes.tls import VARIABLE, trust


class Hello(BaseHTTPRequestHandler):
    """Says so, on a connection that stays."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "7")
        self.end_headers()
        self.wfile.write(b'"hello"')

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def certificates(tmp_path: Path) -> Folder:
    made = Folder(tmp_path, "door")
    made.make()
    return made


@pytest.fixture
def door(certificates: Folder) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Hello)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server, certificates.server_key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_door_whose_authority_is_trusted_answers_on_one_connection(
    door: str, certificates: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "")
    trust(certificates.authority)
    wire = Wire(door)
    try:
        assert [wire.request("GET", "/").json() for _ in range(2)] == ["hello", "hello"]
    finally:
        wire.close()


def test_a_door_that_nobody_vouches_for_is_not_spoken_with(door: str) -> None:
    with pytest.raises(Failed, match="closed"):
        Wire(door).request("GET", "/")
