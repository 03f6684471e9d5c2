"""The bug report, with secrets planted wherever a report could pick them up."""

import asyncio
import json
import secrets
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Held:
    """Secrets that were used on this platform, by what they are, and all that its parts logged meanwhile."""

    secrets: dict[str, str]
    logged: str


@pytest.fixture(scope="module")
def held(careless: Tool) -> Held:
    """A smoke, and somebody who registers, shows a code, logs in by a wrong and a right password, and refreshes."""
    careless.ok("smoke", "--json")
    email, password = f"{secrets.token_hex(4)}@example.com", secrets.token_urlsafe(16)
    registration = {"email": email, "password": password, "display_name": "Export"}
    http.request("POST", f"http://127.0.0.1:{careless.ports()['bff.http']}/api/v1/auth/register", body=registration)
    code = asyncio.run(eventually(lambda: code_for(careless, email), 20.0))
    verify = {"email": email, "code": code}
    http.request("POST", f"http://127.0.0.1:{careless.ports()['bff.http']}/api/v1/auth/verify", body=verify)
    login = {"email": email, "password": password}
    tokens = asked(careless, "bff", "POST", "/api/v1/auth/login", body=login)
    wrong = secrets.token_urlsafe(16)
    asked(careless, "bff", "POST", "/api/v1/auth/login", body={"email": email, "password": wrong})
    renewed = asked(careless, "bff", "POST", "/api/v1/auth/refresh", body={"refresh_token": tokens["refresh_token"]})
    keys = json.loads((careless.sandbox() / "secrets.json").read_text())
    found = {
        "password": password,
        "wrong password": wrong,
        "code": code,
        "access": tokens["access_token"],
        "refresh": tokens["refresh_token"],
        "renewed": renewed["refresh_token"],
        **keys,
    }
    return Held(found, asyncio.run(eventually(lambda: logged(careless), 20.0)))


def logged(tool: Tool) -> str:
    """All that the parts wrote, once the last request is among it."""
    texts = [path.read_text() for path in (tool.sandbox() / "logs").iterdir()]
    whole = "\n".join(texts)
    return whole if "/auth/refresh" in whole else ""


@pytest.fixture(scope="module")
def planted(careless: Tool, held: Held) -> dict[str, str]:
    """The same secrets where a careless line of a log, or a mail's reader, might leave them."""
    password, access, key = (held.secrets[name] for name in ("password", "access", "key"))
    with (careless.sandbox() / "logs" / "orders.jsonl").open("a") as log:
        log.write(json.dumps({"time": "2030", "event": "planted", "password": password, "url": key}) + "\n")
        log.write(f"not JSON at all: Bearer {access} amqp://user:{password}@host/ {key}\n")
        log.write(json.dumps({"time": "2030", "refresh_token": held.secrets["refresh"]}) + "\n")
    return held.secrets


def test_no_part_logs_a_secret(held: Held) -> None:
    assert "order report" in held.logged
    assert [name for name, secret in held.secrets.items() if secret in held.logged] == []


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
