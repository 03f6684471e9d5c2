"""A service in a process of its own, as `python -m services.kernel.serve NAME` starts it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import parts
from tests.eventually import eventually
from tests.integration.bff.stack import TOTP_KEY


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    urls = {
        "database": parts.of(tmp_path).database("auth"),
        "broker": parts.of(tmp_path).broker,
        "cache": parts.of(tmp_path).cache,
        "clock": "wall",
        "market_data": "http://127.0.0.1:9",  # which is not there
    }
    environment = {
        **os.environ,
        "TRADECTL_URLS": json.dumps(urls),
        "TRADECTL_STATE": str(tmp_path),
        "TRADECTL_LOGS": str(tmp_path / "logs"),
        "TRADECTL_KEY": "key",
        "TRADECTL_OPTIONS": json.dumps({"totp_key": TOTP_KEY}),
    }
    command = [sys.executable, "-m", "services.kernel.serve", "auth"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
        yield process
        process.kill()


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "logs" / "auth.jsonl").read_text().splitlines()]


async def test_a_service_serves_until_it_is_told_to_end(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    port = await eventually(
        lambda: next(line["port"] for line in lines(tmp_path) if line["event"] == "listening"), timeout=20
    )
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:

        async def ready() -> bool:
            return (await client.get("/ready")).status_code == 200

        await eventually(ready)
        await eventually(lambda: any(line["event"] == "lease taken" for line in lines(tmp_path)))
        assert (await client.get("/internal/state", headers={"X-Internal-Key": "key"})).status_code == 200
    process.send_signal(signal.SIGTERM)
    await eventually(lambda: process.poll() is not None, timeout=10)
    assert process.returncode == 0, process.stderr and process.stderr.read().decode()
    assert [file.name for file in (tmp_path / "logs").iterdir()] == ["auth.jsonl"]
    assert {line["service"] for line in lines(tmp_path)} == {"auth"}


def test_a_service_that_does_not_exist_is_an_error() -> None:
    command = [sys.executable, "-m", "services.kernel.serve", "nothing"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert ended.returncode != 0
    assert "services.nothing" in ended.stderr
