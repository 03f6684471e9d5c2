"""The bug report, with secrets planted wherever a report could pick them up."""

import asyncio
import json
import secrets
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.tool import Tool
from tests.e2e.trading import CODE
from tests.eventually import eventually
from tradectl.errors import ExitCode
from tradectl.probes import http
from tradectl.stack.topology import PARTS


def exported(tool: Tool, tmp_path: Path, *options: str) -> dict[str, str]:
    out = tmp_path / "report.tar.gz"
    document = tool.ok("export", "--out", str(out), "--json", *options).json
    assert document["missing"] == {}
    assert out.stat().st_mode & 0o077 == 0
    with tarfile.open(out) as archive:
        return {
            each.name.partition("/")[2]: file.read().decode()
            for each in archive.getmembers()
            if (file := archive.extractfile(each)) is not None
        }


def asked(tool: Tool, part: str, method: str, path: str, **sent: Any) -> Any:
    return http.request(method, f"http://127.0.0.1:{tool.ports()[f'{part}.http']}{path}", **sent).json()


def code_for(tool: Tool, email: str) -> str:
    """What the mail to this address says; empty while there is none."""
    mails = asked(tool, "mail", "GET", "/messages", query={"to": email})["items"]
    return next((found[1] for mail in mails if (found := CODE.search(mail["text"]))), "")


@pytest.fixture(scope="module")
def careless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """A platform of these tests' own: what is planted in its logs would mislead others."""
    made = Tool(tmp_path_factory.mktemp("careless"))
    made.ok("up", "--quiet")
    yield made
    made.run("down", "--all")


@pytest.fixture(scope="module")
def planted(careless: Tool) -> dict[str, str]:
    """Secrets that this platform now holds, by what they are."""
    careless.ok("smoke", "--json")
    email, password = f"{secrets.token_hex(4)}@example.com", secrets.token_urlsafe(16)
    registration = {"email": email, "password": password, "display_name": "Export"}
    http.request("POST", f"http://127.0.0.1:{careless.ports()['bff.http']}/api/v1/auth/register", body=registration)
    code = asyncio.run(eventually(lambda: code_for(careless, email), 20.0))
    verify = {"email": email, "code": code}
    http.request("POST", f"http://127.0.0.1:{careless.ports()['bff.http']}/api/v1/auth/verify", body=verify)
    login = {"email": email, "password": password}
    tokens = asked(careless, "bff", "POST", "/api/v1/auth/login", body=login)
    keys = json.loads((careless.sandbox() / "secrets.json").read_text())
    found = {"password": password, "code": code, "access": tokens["access_token"], "refresh": tokens["refresh_token"]}
    # Where a careless line of a log, or a mail's reader, might leave them.
    with (careless.sandbox() / "logs" / "orders.jsonl").open("a") as log:
        log.write(json.dumps({"time": "2030", "event": "planted", "password": password, "url": keys["key"]}) + "\n")
        log.write(f"not JSON at all: Bearer {tokens['access_token']} amqp://user:{password}@host/ {keys['key']}\n")
        log.write(json.dumps({"time": "2030", "refresh_token": tokens["refresh_token"]}) + "\n")
    return {**found, **keys}


def test_no_secret_of_the_platform_is_in_the_report(careless: Tool, planted: dict[str, str], tmp_path: Path) -> None:
    files = exported(careless, tmp_path)
    whole = "\n".join(files.values())
    assert "planted" in files["logs/orders.jsonl"]
    assert [name for name, secret in planted.items() if secret in whole] == []


def test_the_report_has_what_a_developer_asks_for_first(platform: Tool, tmp_path: Path) -> None:
    platform.ok("smoke", "--json")
    files = exported(platform, tmp_path)
    assert {row["name"] for row in json.loads(files["manifests.json"])} == set(PARTS)
    assert json.loads(files["audit.json"])["differences"] == []
    assert json.loads(files["versions.json"])["libraries"]["msgspec"]
    assert json.loads(files["state.json"])["orders"]["fills"]
    assert any("|35=D|" in line for line in files["fix/orders.txt"].splitlines())
    assert any("|35=8|" in line for line in files["fix/broker.txt"].splitlines())
    assert json.loads(files["world/mails.json"])
    assert "trace_id" in files["logs/bff.jsonl"]
    traces = json.loads(files["traces.json"])
    assert any({"bff", "orders", "portfolio"} <= set(each["services"]) and each["orders"] for each in traces)
    assert {
        "README.txt",
        "machine.json",
        "status.json",
        "world/pushes.json",
        "events/settled.json",
        "configuration/settings.json",
    } <= set(files)


def test_of_a_sandbox_that_is_down_the_report_holds_what_lies_on_the_disk(tool: Tool, tmp_path: Path) -> None:
    tool.ok("up", "--quiet")
    tool.ok("down", "--keep-data")
    files = exported(tool, tmp_path)
    assert {"logs/orders.jsonl", "traces.json"} <= files.keys()
    assert "audit.json" not in files


def test_there_is_no_report_of_a_sandbox_that_never_was(tool: Tool) -> None:
    assert tool.run("export", "--name", "nothing").code == ExitCode.NOT_FOUND


def test_a_place_that_cannot_be_written_is_named(platform: Tool, tmp_path: Path) -> None:
    result = platform.run("export", "--quick", "--out", str(tmp_path / "none" / "report.tar.gz"))
    assert result.code == ExitCode.BAD_INPUT
    assert "--out" in result.err
