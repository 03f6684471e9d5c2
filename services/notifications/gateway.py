"""Mail: what is due goes to the SMTP server over one connection; what fails is tried again, later and later."""

import asyncio
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate
from html import escape
from typing import Any
from urllib.parse import urlsplit

import aiosmtplib

from services.kernel.service import Service
from services.notifications import handlers
from services.runtime.clock import wall

IDLE = 1.0
"""Seconds after which due mails are looked for unasked."""
AT_ONCE = 5
"""Mails sent over one connection before others get a turn."""


class Mailer:
    """``run`` is a loop for life; ``wake`` tells it that there is something to send."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._settings = service.settings.notifications
        address = urlsplit(service.resources.urls["mail.smtp"])
        self._host, self._port = address.hostname or "", address.port or 25
        self._wake = asyncio.Event()
        service.database.on_events(self._wake.set)

    async def run(self) -> None:
        """Send what is due, at most so many a second."""
        while True:
            if not await self.send_due():
                self._wake.clear()
                try:
                    async with asyncio.timeout(IDLE):
                        await self._wake.wait()
                except TimeoutError:
                    continue

    async def send_due(self) -> int:
        """One round; how many mails were tried."""
        due = await handlers.due(self._service.database, wall(), AT_ONCE)
        if due:
            outcomes = await self._send(due)
            await self._service.database.transact(handlers.settle, outcomes)
            await asyncio.sleep(len(due) / self._settings.mails_per_second)
        return len(due)

    async def _send(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        client = aiosmtplib.SMTP(hostname=self._host, port=self._port, timeout=5, use_tls=False, start_tls=False)
        outcomes = []
        try:
            async with client:
                for row in rows:
                    outcomes.append(await self._try(client, row))  # noqa: PERF401 (what was sent before an error counts)
        except (aiosmtplib.SMTPException, OSError) as error:
            self._service.log.warning("mail_server_lost", error=str(error))
            outcomes += [self._failed(row, str(error)) for row in rows[len(outcomes) :]]
        return outcomes

    async def _try(self, client: aiosmtplib.SMTP, row: dict[str, Any]) -> dict[str, Any]:
        try:
            await client.send_message(mail(row, self._settings.mail_sender))
        except aiosmtplib.SMTPResponseException as error:
            return self._failed(row, error.message)
        return handlers.outcome(row, "sent", row["attempts"] + 1, row["due"])

    def _failed(self, row: dict[str, Any], error: str) -> dict[str, Any]:
        attempts = row["attempts"] + 1
        status = "dead" if attempts >= self._settings.mail_attempts else "pending"
        pause = self._settings.mail_backoff * 2 ** (attempts - 1)
        return handlers.outcome(row, status, attempts, wall() + int(pause * 1_000_000), error[:500])


def mail(row: Mapping[str, Any], sender: str) -> EmailMessage:
    """Text and HTML; the Message-ID is made of notification and channel: a repeated delivery is known as one."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = row["address"]
    message["Subject"] = " ".join(row["title"].split())
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = f"<{row['notification_id']}.{row['channel']}@{sender.partition('@')[2]}>"
    message.set_content(row["text"])
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in row["text"].splitlines())
    message.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    return message
