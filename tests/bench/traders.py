"""Traders with money, made by the BFF's routes."""

import asyncio
import re
import secrets
from dataclasses import dataclass
from typing import Any

import httpx

from tests.bench.sandbox import Sandbox
from tests.eventually import eventually

PASSWORD = secrets.token_urlsafe(16)
PATIENCE = 20.0
"""Seconds for a mail or a deposit."""


@dataclass(frozen=True)
class Trader:
    """A token, good for the length of a measurement."""

    email: str
    token: str


def trader(box: Sandbox, deposits: dict[str, str]) -> Trader:
    """Register, verify by the mail, log in, deposit, wait until it is credited."""
    email = f"bench-{secrets.token_hex(6)}@example.com"
    with httpx.Client(base_url=box.door, timeout=10) as client:
        asked(client.post("/auth/register", json={"email": email, "password": PASSWORD, "display_name": "Bench"}))
        asked(client.post("/auth/verify", json={"email": email, "code": code_for(box, email)}))
        token = asked(client.post("/auth/login", json={"email": email, "password": PASSWORD}))["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        for asset, amount in deposits.items():
            key = {"Idempotency-Key": secrets.token_hex(8)}
            asked(client.post("/portfolio/deposits", json={"asset": asset, "amount": amount}, headers=key))
        wait_for_cash(client, deposits)
    return Trader(email, token)


def asked(answer: httpx.Response) -> Any:
    """The document of an answer that must be a success."""
    if answer.is_error:
        raise RuntimeError(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}")
    return answer.json() if answer.content else None


def code_for(box: Sandbox, email: str) -> str:
    """The code in the mail of verification."""
    return asyncio.run(eventually(lambda: code_in_mail(box, email), PATIENCE, every=0.05))


def code_in_mail(box: Sandbox, email: str) -> str | None:
    """The code, if the mail is there."""
    mails = asked(httpx.get(f"{box.endpoints['mail.http']}/messages", params={"to": email}, headers=box.internal))
    for mail in mails["items"]:
        whole = asked(httpx.get(f"{box.endpoints['mail.http']}/messages/{mail['id']}", headers=box.internal))
        found = re.search(r"Your code is (\S+?)\.?\s*$", whole["text"] or "", re.MULTILINE)
        if found:
            return found[1]
    return None


def wait_for_cash(client: httpx.Client, deposits: dict[str, str]) -> None:
    """Until every deposit is credited."""
    asyncio.run(eventually(lambda: credited(client) >= deposits.keys(), PATIENCE, every=0.05))


def credited(client: httpx.Client) -> set[str]:
    """Currencies that there is money in."""
    return {row["currency"] for row in asked(client.get("/portfolio"))["cash"] if float(row["free"]) > 0}
