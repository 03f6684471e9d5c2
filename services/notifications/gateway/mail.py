"""Mail: what is due goes to the SMTP server over one connection, no faster than the relay admits."""

import asyncio
import time
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate
from html import escape
from typing import Any
from urllib.parse import urlsplit

import aiosmtplib

from services.kernel.service import Service
from services.notifications import handlers
from services.notifications.gateway.courier import Courier, Row
from services.notifications.gateway.figures import Figures
from services.runtime.clock import wall

AT_ONCE = 5
"""Mails sent over one connection before others get a turn."""
REFUSED = (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPNotSupported)


class Mailer(Courier):
    """The courier of mail."""

    channel = "mail"

    def __init__(self, service: Service, figures: Figures) -> None:
        self._settings = service.settings.notifications
        super().__init__(service, figures, "mailer", self._settings.mail_attempts, self._settings.mail_backoff)
        address = urlsplit(service.resources.urls["mail.smtp"])
        self._host, self._port = address.hostname or "", address.port or 25

    async def due(self) -> list[Row]:
        return await handlers.due(self._service.database, wall(), AT_ONCE)

    async def keep(self, outcomes: list[Row]) -> None:
        await self._service.database.transact(handlers.settle, outcomes)

    async def send(self, rows: list[Row]) -> None:
        began = time.perf_counter()
        client = aiosmtplib.SMTP(hostname=self._host, port=self._port, timeout=5, use_tls=False, start_tls=False)
        try:
            async with client:
                for row in rows:
                    if not self._lease.held:
                        return  # asleep for so long that another process is the mailer
                    began = time.perf_counter()
                    await self._attempt(row, self._try(client, row))
                    # One by one: five in a row hold up whatever shares the event loop.
                    await asyncio.sleep(1 / self._settings.mails_per_second)
        except (aiosmtplib.SMTPException, OSError) as error:
            self._service.log.warning("mail server lost", error=str(error))
            for row in rows[len(self._outcomes) :]:
                self._tried(row, self._failed(row, str(error)), began)

    async def _try(self, client: aiosmtplib.SMTP, row: Row) -> Row:
        """One mail; what is wrong with it alone does not hold up the others."""
        sender = self._settings.mail_sender
        try:
            await client.send_message(mail(row, sender), sender=sender, recipients=[row["address"]])
        except (*REFUSED, ValueError) as error:
            return self._failed(row, str(error))
        return handlers.outcome(row, "sent", row["attempts"] + 1, row["due"])


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
