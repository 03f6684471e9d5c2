"""The BFF's OpenAPI document is what its services do."""

import asyncio
import sys
from pathlib import Path

import httpx
import pytest

from services.bff.api import openapi
from services.bff.domain.routes import ROUTES
from services.contracts.door import PREFIX
from tests.integration.bff.peers import TestPeer
from tests.integration.bff.stack import Stack, bearer, logged_in
from tests.integration.bff.wire import API

KEPT = tuple(route for route in ROUTES if route.service == "auth" and "logout" not in route.path)
WATCHED = """
[[operations]]
include-path = "/api/v1/me/watchlist"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", 401, 422, 429]
"""
"""Which symbols there are is no matter of a schema."""


class TestAuth:
    """Auth's part of the document, since auth is what runs here."""

    @pytest.fixture
    def options(self) -> dict[str, str]:
        return {"bff.log_ins_per_minute": "1000000", "bff.user_requests_per_second": "1000000"}

    @pytest.fixture(autouse=True)
    def only_auth(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without the routes that would end the session in the middle."""
        monkeypatch.setattr(openapi, "ROUTES", KEPT)

    async def test_schemathesis_finds_nothing(self, client: httpx.AsyncClient, running: Stack, tmp_path: Path) -> None:
        # Without the coverage phase, which would try each of the six hundred time zones.
        (tmp_path / "schemathesis.toml").write_text(WATCHED, encoding="utf-8")
        root = bearer(await logged_in(client, "root@example.org", API, "a long admin password"))
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{running.url('bff')}/openapi.json"),
            *("--header", f"Authorization: {root['Authorization']}", "--phases", "fuzzing"),
            *("--max-examples", "8", "--seed", "1", "--continue-on-failure"),
        ]
        process = await asyncio.create_subprocess_exec(
            *command, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        printed, _ = await process.communicate()
        assert process.returncode == 0, printed.decode()

    async def test_the_readable_page_names_every_route(self, client: httpx.AsyncClient) -> None:
        page = (await client.get(f"{API}/docs")).text
        assert all(PREFIX + route.path in page for route in KEPT)
        assert "<script" not in page


async def test_while_a_service_is_away_the_document_is_not_half_of_itself(
    client: httpx.AsyncClient, running: Stack
) -> None:
    TestPeer("orders").status = 503
    answer = await client.get("/openapi.json")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
