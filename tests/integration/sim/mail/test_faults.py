"""What a sender of mail sees of the gateway's faults."""

import asyncio
from pathlib import Path

import aiosmtplib
import pytest

from tests.breaking import broken, mend
from tests.integration.sim.mail.test_gateway import gateway, mail

pytestmark = pytest.mark.usefixtures("mended")


async def test_connections_are_closed_before_a_word_is_said(tmp_path: Path) -> None:
    async with gateway(tmp_path) as mails:
        broken("mail", "mail.refuse")
        with pytest.raises(aiosmtplib.SMTPException):
            await mails.send(mail())
        mend("mail")
        await mails.send(mail())


async def test_a_message_is_taken_so_much_later(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    async with gateway(tmp_path) as mails:
        broken("mail", "mail.latency", ms=200)
        began = loop.time()
        await mails.send(mail())
        assert loop.time() - began >= 0.2


async def test_a_message_that_is_refused_for_now_is_not_kept(tmp_path: Path) -> None:
    async with gateway(tmp_path) as mails:
        broken("mail", "mail.temporary", percent=100)
        with pytest.raises(aiosmtplib.SMTPDataError) as refused:
            await mails.send(mail())
        assert refused.value.code == 451
        assert await mails.messages() == []


async def test_a_message_that_is_kept_without_a_word_is_counted_when_it_comes_again(tmp_path: Path) -> None:
    async with gateway(tmp_path) as mails:
        broken("mail", "mail.drop", percent=100)
        with pytest.raises(aiosmtplib.SMTPException):
            await mails.send(mail())
        mend("mail")
        await mails.send(mail())
        assert [seen["deliveries"] for seen in await mails.messages()] == [2]
