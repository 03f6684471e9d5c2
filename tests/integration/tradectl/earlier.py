"""A source tree of another release, as small as can be: its one service answers with the tree's name."""

from pathlib import Path

SERVE = '''\
"""An image's command; it listens where its environment says."""

import json, os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{sys.argv[1]} of another release".encode())

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", json.loads(os.environ["TRADECTL_PORTS"])["http"]), Answer).serve_forever()
'''


def plant(root: Path, serve: str = SERVE) -> Path:
    """The tree, in a folder."""
    kernel = root / "services" / "kernel"
    kernel.mkdir(parents=True)
    for package in (kernel.parent, kernel):
        (package / "__init__.py").touch()
    (kernel / "serve.py").write_text(serve, encoding="utf-8")
    return root
