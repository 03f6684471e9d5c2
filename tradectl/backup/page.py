"""The page of metrics, shown to Prometheus by a process that stays: where no textfile collector reaches its folder."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError

LOOPBACK = "127.0.0.1"
FORM = "text/plain; version=0.0.4; charset=utf-8"


def serve(address: str, page: Path) -> ThreadingHTTPServer:
    """At ``PORT`` of this machine alone, or at ``HOST:PORT``; TradectlError where that cannot be."""
    host, _, port = address.rpartition(":")

    class Shown(BaseHTTPRequestHandler):
        """Whatever is asked for, it is the page as it is now."""

        def do_GET(self) -> None:
            content = page.read_bytes() if page.exists() else b""
            self.send_response(200)
            self.send_header("Content-Type", FORM)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nobody wants to read of each scrape."""

    try:
        server = ThreadingHTTPServer((host or LOOPBACK, int(port)), Shown)
    except (ValueError, OSError, OverflowError) as error:
        hint = "a free port, such as 9465, or HOST:PORT"
        raise TradectlError(f"no page can be shown at {address}: {error}", hint, ExitCode.USAGE) from error
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
