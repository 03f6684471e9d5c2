"""Web Push: what is due goes to the endpoints of the users' browsers (RFC 8030), each by itself."""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from services.contracts.times import rfc3339
from services.kernel.service import Service
from services.kernel.transports.transport import Answer, PeerUnavailable
from services.notifications import handlers
from services.notifications.domain.endpoints import HOSTS, is_allowed
from services.notifications.domain.preferences import SECURITY
from services.notifications.gateway.courier import Courier, Row
from services.notifications.gateway.encryption import encrypted
from services.notifications.gateway.figures import Figures
from services.notifications.gateway.vapid import authorization
from services.notifications.handlers import pushes
from services.runtime.clock import wall

AT_ONCE = 8
"""Pushes side by side."""
KEPT_FOR = 86_400
"""TTL: seconds that an endpoint keeps a push for a browser that is away."""
LONGEST_TEXT = 3_500
"""Octets of what is encrypted: with all around it, under the 4,096 that every endpoint takes."""
GONE = {404, 410}
HOPELESS = {400, 413, 415}
"""The message is refused, not the moment."""
LONGEST_PAUSE = 3_600.0


class Pusher(Courier):
    """The courier of pushes."""

    channel = "push"

    def __init__(self, service: Service, figures: Figures) -> None:
        settings = service.settings.notifications
        super().__init__(service, figures, "pusher", settings.push_attempts, settings.push_backoff)
        self._contact = f"mailto:{settings.mail_sender}"
        self._key = pushes.PushKey(service.database)

    async def due(self) -> list[Row]:
        return await pushes.due(self._service.database, wall(), AT_ONCE)

    async def keep(self, outcomes: list[Row]) -> None:
        await self._service.database.transact(pushes.settle, outcomes)

    async def send(self, rows: list[Row]) -> None:
        key = await self._key.private()
        await asyncio.gather(*(self._deliver(row, key) for row in rows))

    async def _deliver(self, row: Row, key: str) -> None:
        if self._lease.held:
            await self._attempt(row, self._try(row, key))

    async def _try(self, row: Row, key: str) -> Row:
        """One push; what is wrong with it alone does not hold up the others."""
        if row["p256dh"] is None:  # its user has taken the subscription back
            return handlers.outcome(row, "gone", row["attempts"] + 1, row["due"])
        if not is_allowed(row["endpoint"]):  # a push service that we knew once
            return self._failed(row, "the endpoint is none of a known push service", hopeless=True)
        try:
            answer = await self._post(row, key)
        except (PeerUnavailable, ValueError) as error:
            return self._failed(row, str(error), hopeless=isinstance(error, ValueError))
        if 200 <= answer.status < 300:
            return handlers.outcome(row, "sent", row["attempts"] + 1, row["due"])
        if answer.status in GONE:
            return handlers.outcome(row, "gone", row["attempts"] + 1, row["due"], f"answered {answer.status}")
        said = f"answered {answer.status}: {answer.body[:200].decode(errors='replace')}"
        return self._failed(row, said, hopeless=answer.status in HOPELESS, after=pause_of(answer))

    async def _post(self, row: Row, key: str) -> Answer:
        """The name of the endpoint's host says by which way of ours it is reached; redirections are not followed."""
        where = urlsplit(row["endpoint"])
        peer = self._service.peers[HOSTS[where.hostname or ""]]
        headers = {
            "Authorization": authorization(f"{where.scheme}://{where.netloc}", self._contact, key),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_FOR),
            "Topic": row["notification_id"],
            "Urgency": "high" if row["kind"] in SECURITY else "normal",
        }
        body = encrypted(payload(row), row["p256dh"], row["auth"], secrets.token_bytes(16))
        return await peer.request("POST", where.path, headers=headers, body=body)


def payload(row: Mapping[str, Any]) -> bytes:
    """What a service worker shows; a text that is too long ends early, and the whole is in the app."""
    shown = {"id": row["notification_id"], "kind": row["kind"], "title": row["title"], "text": row["text"]}
    whole = {**shown, "created_at": rfc3339(row["created"])}
    while len(octets := msgspec.json.encode(whole)) > LONGEST_TEXT:
        name = "text" if whole["text"] else "title"
        whole[name] = whole[name][: len(whole[name]) // 2]
    return octets


def pause_of(answer: Answer) -> float:
    """Seconds that an endpoint asks us to wait."""
    asked = answer.headers.get("retry-after", "")
    return min(float(asked), LONGEST_PAUSE) if asked.isascii() and asked.isdigit() else 0.0
