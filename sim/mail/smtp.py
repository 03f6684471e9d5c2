"""The SMTP side: RFC 5321 by aiosmtpd, in the loop of whoever calls, on a socket that is already bound."""

import asyncio
import logging
import socket
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from services.runtime import faults
from services.runtime.clock import wall
from services.runtime.faults import Faults
from services.runtime.log import logger
from sim.mail.mailbox import Mailbox

HOSTNAME = "mail.sandbox"
log = logger("mail")


class Reception:
    """aiosmtpd's handler."""

    def __init__(self, mailbox: Mailbox, faults: Faults) -> None:
        self._mailbox = mailbox
        self._faults = faults

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002
        """Commit, then say so."""
        sender, recipients, raw = envelope.mail_from or "", envelope.rcpt_tos, envelope.content
        if not isinstance(raw, bytes) or not all(_is_unicode(address) for address in (sender, *recipients)):
            return "553 5.6.7 An address is no UTF-8"
        if late := self._faults.find("mail.latency"):
            await asyncio.sleep(late.seconds)
        if (refused := self._faults.find("mail.temporary")) and refused.strikes():
            return "451 4.3.0 Refused by a fault, try again"
        number = self._mailbox.keep(sender, recipients, raw, wall())
        if (drop := self._faults.find("mail.drop")) and drop.strikes():
            cast("asyncio.Transport", server.transport).abort()
        return f"250 2.0.0 Kept as {number}"

    async def handle_exception(self, error: Exception) -> str:
        """What fails here is not the sender's fault: a temporary error, so that it tries again."""
        log.error("a mail was not kept", exc_info=error)
        return "451 4.3.0 Not kept, try again"


class Reader(SMTP):
    """One connection, known to its gateway for as long as it lasts."""

    def __init__(self, gateway: "Gateway") -> None:
        super().__init__(
            gateway.reception,
            data_size_limit=gateway.size_limit,
            enable_SMTPUTF8=True,
            hostname=HOSTNAME,
            loop=asyncio.get_running_loop(),
        )
        self._gateway = gateway

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._gateway.faults.find("mail.refuse"):
            transport.close()
            return
        self._gateway.connections.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self._gateway.connections.discard(self.transport)
            super().connection_lost(error)


class Gateway:
    """The listening socket and its connections."""

    def __init__(self, mailbox: Mailbox, size_limit: int) -> None:
        self.faults = faults.of("mail")
        self.reception = Reception(mailbox, self.faults)
        self.size_limit = size_limit
        """Bytes of one message; more is answered by 552."""
        self.connections: set[asyncio.BaseTransport] = set()
        self._server: asyncio.Server | None = None

    async def start(self, listener: socket.socket) -> None:
        """Accept connections."""
        # Its INFO lines hold whole addresses, a dozen for each message.
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        loop: Any = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Reader(self), sock=listener)

    async def stop(self) -> None:
        """Close the socket and what is connected."""
        if self._server is not None:
            self._server.close()
        for transport in tuple(self.connections):
            transport.close()
        if self._server is not None:
            await self._server.wait_closed()


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
