"""A registry of images and charts for tests, by Debian's docker-registry, where it is here."""

import asyncio
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.eventually import eventually

CONFIGURATION = """\
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {folder}}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


def need() -> None:
    """Skip where it is not."""
    if shutil.which("docker-registry") is None:
        pytest.skip("docker-registry is not here: apt-get install docker-registry")


@contextmanager
def registry(folder: Path) -> Iterator[str]:
    """Its address, on loopback and in the clear."""
    need()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder.mkdir()
    file = folder / "registry.yaml"
    file.write_text(CONFIGURATION.format(folder=folder / "stored", port=port), encoding="utf-8")
    with subprocess.Popen(["docker-registry", "serve", str(file)], stderr=subprocess.DEVNULL) as process:
        try:
            asyncio.run(eventually(lambda: _answers(port)))
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
