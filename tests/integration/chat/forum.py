"""The chat in front of its users: what tests of several capabilities share."""

from typing import Any

import httpx

from services.contracts.events.auth import ProfileChanged
from services.runtime.resources import Running
from tests.integration.neighbours import Neighbourhood

Desk = tuple[Neighbourhood, Running]
Answer = dict[str, Any]


async def opened(writer: httpx.AsyncClient, title: str = "Earnings") -> Answer:
    return await ok(await writer.post("/chat/topics", json={"title": title}), 201)


async def posted(writer: httpx.AsyncClient, topic: Answer, text: str, reply_to: str | None = None) -> Answer:
    body = {"text": text} if reply_to is None else {"text": text, "reply_to": reply_to}
    return await ok(await writer.post(f"/chat/topics/{topic['id']}/messages", json=body), 201)


async def ok(answer: httpx.Response, status: int = 200) -> Answer:
    """What was answered."""
    assert answer.status_code == status, answer.text
    found: Answer = answer.json()
    return found


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and code."""
    return answer.status_code, answer.json()["code"]


def named(user: str, name: str) -> ProfileChanged:
    return ProfileChanged(
        user_id=user,
        email=f"{user}@example.org",
        display_name=name,
        language="en",
        time_zone="UTC",
        roles=("trader",),
        blocked=False,
    )
