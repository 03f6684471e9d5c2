"""A trader's browser: subscribed at the push endpoint and at the platform, it reads what is pushed to it."""

import json
from dataclasses import dataclass
from typing import Any

from tradectl.probes import http
from tradectl.trader.client import Client
from tradectl.trader.failures import Failed, Unreachable

PAGE = 200
Push = dict[str, Any]


@dataclass(frozen=True)
class Browser:
    """``endpoint`` is the address of the simulated push endpoint, ``number`` the subscription's there."""

    endpoint: str
    number: int
    subscription: dict[str, Any]
    """As the platform knows it."""

    def pushes(self) -> list[Push]:
        """The oldest first."""
        query = {"subscription": str(self.number), "limit": str(PAGE)}
        return [shown(each) for each in _asked("GET", f"{self.endpoint}/messages", query=query)["items"]]


def open_browser(client: Client, endpoint: str, label: str) -> Browser:
    """One that whoever is logged in has subscribed with."""
    key = client.get("/notifications/push-key")["public_key"]
    made = _asked("POST", f"{endpoint}/subscriptions", body={"application_server_key": key, "label": label})
    body = {"endpoint": made["endpoint"], "keys": made["keys"]}
    return Browser(endpoint, made["id"], client.post("/notifications/push-subscriptions", body))


def shown(push: Push) -> Push:
    """A push with its ``content``: what a service worker shows; nothing where it cannot be read."""
    try:
        content = json.loads(push["text"] or "")
    except ValueError:
        content = {}
    return {**push, "content": content if isinstance(content, dict) else {}}


def _asked(method: str, url: str, **asked: Any) -> Any:
    try:
        answer = http.request(method, url, **asked)
    except http.UnreachableError as error:
        raise Unreachable(f"the push endpoint: {error}") from error
    if answer.status >= 400:
        raise Failed(f"the push endpoint answered {answer.status}")
    return answer.json()
