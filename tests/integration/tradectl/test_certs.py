"""Certificates on the disk, and a real TLS connection by them."""

import http.client
import json
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tradectl.certs.folder import Folder
from tradectl.errors import ExitCode, TradectlError


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "certs", "test")
    assert made.make() is True
    return made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_keys_are_their_owners_alone(folder: Folder) -> None:
    assert mode(folder.path) == 0o700
    assert [mode(each) for each in (folder.authority_key, folder.server_key)] == [0o600, 0o600]
    assert [mode(each) for each in (folder.authority, folder.server)] == [0o644, 0o644]
    assert {each.name for each in folder.path.iterdir()} == {
        "authority.pem",
        "authority.key",
        "server.pem",
        "server.key",
    }


def test_a_container_may_be_let_in(folder: Folder) -> None:
    assert folder.make(shared=True) is False
    assert mode(folder.server_key) == 0o644
    assert mode(folder.authority_key) == 0o600


def test_what_is_good_stays_and_what_is_nearly_over_is_signed_anew_by_the_same_authority(folder: Folder) -> None:
    authority, server = folder.shown()
    assert folder.make() is False
    assert folder.make(now=datetime.now(UTC) + timedelta(days=380)) is True
    assert folder.shown()[0] == authority
    assert folder.shown()[1].not_after > server.not_after + timedelta(days=300)


def test_another_host_needs_another_authority(folder: Folder) -> None:
    before = folder.shown()
    with pytest.raises(TradectlError) as refused:
        folder.make(["trade.example"])
    assert refused.value.exit_code is ExitCode.CONFLICT
    assert folder.shown() == before
    folder.renew(["trade.example"], authority=True)
    assert "trade.example" in folder.shown()[1].hosts
    assert folder.make(["trade.example"]) is False


def test_a_broken_file_is_named(folder: Folder) -> None:
    folder.server.write_text("nothing", encoding="ascii")
    with pytest.raises(TradectlError, match=r"server\.pem holds no certificate"):
        folder.make()


def test_a_client_that_trusts_the_authority_connects_and_another_does_not(folder: Folder) -> None:
    server = HTTPServer(("127.0.0.1", 0), Hello)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder.server, folder.server_key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        knowing = ssl.create_default_context(cafile=folder.authority)
        connection = http.client.HTTPSConnection("localhost", server.server_port, context=knowing, timeout=5)
        connection.request("GET", "/")
        assert json.loads(connection.getresponse().read()) == "hello"
        connection.close()
        stranger = http.client.HTTPSConnection("localhost", server.server_port, timeout=5)
        with pytest.raises(ssl.SSLCertVerificationError):
            stranger.request("GET", "/")
        stranger.close()
    finally:
        server.shutdown()
        server.server_close()


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'"hello"')

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""
