"""Mail: what is due goes to the SMTP server over one connection; what fails is tried again, later and later.

Of several processes one is the mailer at a time, so that each mail leaves once, and no faster than the relay admits.
"""

import asyncio
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate
from html import escape
from typing import Any
from urllib.parse import urlsplit

import aiosmtplib

from services.kernel.lease import Lease
from services.kernel.lost import is_lost
from services.kernel.service import Service
from services.notifications import handlers
from services.runtime.clock import wall

IDLE = 1.0
"""Seconds after which due mails are looked for unasked."""
AT_ONCE = 5
"""Mails sent over one connection before others get a turn."""
REFUSED = (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPNotSupported)
Row = dict[str, Any]


class Mailer:
    """``run`` is a loop for life; ``wake`` tells it that there is something to send."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._settings = service.settings.notifications
        address = urlsplit(service.resources.urls["mail.smtp"])
        self._host, self._port = address.hostname or "", address.port or 25
        self._lease = Lease(service.database, "mailer")
        self._woken = asyncio.Event()
        self._outcomes: list[Row] = []
        """What became of mails, until that is written: a database that is lost meanwhile makes none leave again."""

    def wake(self) -> None:
        """Something is due."""
        self._woken.set()

    async def settled(self) -> dict[str, object]:
        """Mails that are to leave now; one that was refused waits for its next time."""
        return {"mails": await handlers.count_due(self._service.database, wall())}

    async def run(self) -> None:
        """For life: be the mailer whenever the lease is held."""
        await self._lease.run(self._send_for_life)

    async def _send_for_life(self) -> None:
        """Send what is due, at most so many a second."""
        try:
            while True:
                self._woken.clear()
                if not await self._round():
                    await self._rest()
        finally:
            await self._settle()  # what left before it was told to end

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(IDLE):
                await self._woken.wait()
        except TimeoutError:
            return

    async def send_due(self) -> int:
        """Try what is due; how many mails that were."""
        await self._settle()
        due = await handlers.due(self._service.database, wall(), AT_ONCE)
        if due:
            await self._send(due)
            await self._settle()
        return len(due)

    async def _settle(self) -> None:
        if self._outcomes:
            await self._service.database.transact(handlers.settle, self._outcomes)
            self._outcomes.clear()

    async def _round(self) -> int:
        try:
            return await self.send_due()
        except Exception as error:
            if not is_lost(error):
                raise
            self._service.log.warning("mail waits", error=str(error))
            return 0

    async def _send(self, rows: list[Row]) -> None:
        client = aiosmtplib.SMTP(hostname=self._host, port=self._port, timeout=5, use_tls=False, start_tls=False)
        try:
            async with client:
                for row in rows:
                    if not self._lease.held:
                        return  # asleep for so long that another process is the mailer
                    self._outcomes.append(await self._try(client, row))
                    # One by one: five in a row hold up whatever shares the event loop.
                    await asyncio.sleep(1 / self._settings.mails_per_second)
        except (aiosmtplib.SMTPException, OSError) as error:
            self._service.log.warning("mail server lost", error=str(error))
            self._outcomes += [self._failed(row, str(error)) for row in rows[len(self._outcomes) :]]

    async def _try(self, client: aiosmtplib.SMTP, row: Row) -> Row:
        """One mail; what is wrong with it alone does not hold up the others."""
        sender = self._settings.mail_sender
        try:
            await client.send_message(mail(row, sender), sender=sender, recipients=[row["address"]])
        except (*REFUSED, ValueError) as error:
            return self._failed(row, str(error))
        return handlers.outcome(row, "sent", row["attempts"] + 1, row["due"])

    def _failed(self, row: Row, error: str) -> Row:
        attempts = row["attempts"] + 1
        dead = attempts >= self._settings.mail_attempts
        if dead:
            self._service.log.error("mail set aside", notification_id=row["notification_id"], error=error)
        pause = self._settings.mail_backoff * 2 ** (attempts - 1)
        due = wall() + int(pause * 1_000_000)
        return handlers.outcome(row, "dead" if dead else "pending", attempts, due, error[:500])


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
