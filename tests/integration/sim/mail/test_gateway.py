"""The mail gateway on real sockets: SMTP in, REST out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from services.runtime.resources import Resources
from services.runtime.serve import bind, serve
from sim.mail import app
from sim.mail.mailbox import Mailbox


@dataclass
class Gateway:
    smtp: int
    rest: httpx.AsyncClient

    async def send(self, mail: EmailMessage) -> str:
        _, said = await aiosmtplib.send(mail, hostname="127.0.0.1", port=self.smtp, start_tls=False)
        return said

    async def messages(self, **query: str | int) -> list[dict[str, object]]:
        answer = await self.rest.get("/messages", params=query)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, object]] = answer.json()["items"]
        return items


@asynccontextmanager
async def gateway(state: Path, **options: str) -> AsyncIterator[Gateway]:
    smtp, http = bind(), bind()
    port = smtp.getsockname()[1]
    running = await app.run(Resources(name="mail", sockets={"smtp": smtp}, state=state, options=options))
    assert running.asgi is not None
    server = await serve(running.asgi, http)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as rest:
        yield Gateway(port, rest)
    await server.stop()
    await running.stop()


def mail(number: int = 1, to: str = "anna@example.com", text: str = "Ваш код: 123456\n") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "no-reply@sandbox.test"
    made["To"] = to
    made["Subject"] = "Код подтверждения"
    made["Message-ID"] = f"<n{number}.email@sandbox.test>"
    made.set_content(text)
    made.add_alternative("<b>123456</b>", subtype="html")
    return made


async def test_a_mail_can_be_read_once_it_was_accepted(tmp_path: Path) -> None:
    async with gateway(tmp_path) as mails:
        await mails.send(mail())
        (seen,) = await mails.messages(to="anna@example.com")
        assert (seen["subject"], seen["text"], seen["to"]) == (
            "Код подтверждения",
            "Ваш код: 123456\n",
            ["anna@example.com"],
        )
        assert ["Message-ID", "<n1.email@sandbox.test>"] in seen["headers"]  # type: ignore[operator]
        assert (await mails.rest.get(f"/messages/{seen['id']}")).json() == seen


async def test_a_redelivery_is_counted(tmp_path: Path) -> None:
    async with gateway(tmp_path) as mails:
        for number in (1, 2, 1, 1):
            await mails.send(mail(number))
        assert [seen["deliveries"] for seen in await mails.messages()] == [3, 1]


async def test_only_newer_mails_are_listed_after_an_id(tmp_path: Path) -> None:
    async with gateway(tmp_path) as mails:
        for number in range(3):
            await mails.send(mail(number))
        first, *others = await mails.messages()
        since = first["id"]
        assert isinstance(since, int)
        assert await mails.messages(since=since, limit=5) == others


async def test_everything_can_be_forgotten(tmp_path: Path) -> None:
    async with gateway(tmp_path) as mails:
        await mails.send(mail())
        assert (await mails.rest.delete("/messages")).status_code == 204
        assert await mails.messages() == []


async def test_mails_survive_a_restart(tmp_path: Path) -> None:
    async with gateway(tmp_path) as mails:
        await mails.send(mail())
    async with gateway(tmp_path) as again:
        assert len(await again.messages()) == 1


async def test_a_mail_over_the_limit_is_refused(tmp_path: Path) -> None:
    async with gateway(tmp_path, mail_size_limit="2000") as mails:
        with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
            await mails.send(mail(text="word " * 1000))
        assert refused.value.code == 552
        assert await mails.messages() == []


async def test_a_mail_that_cannot_be_kept_may_be_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError("no space left on device")

    async with gateway(tmp_path) as mails:
        with monkeypatch.context() as broken:
            broken.setattr(Mailbox, "keep", full)
            with pytest.raises(aiosmtplib.SMTPDataError) as refused:
                await mails.send(mail())
            assert refused.value.code == 451
        await mails.send(mail())
        assert [seen["deliveries"] for seen in await mails.messages()] == [1]


async def test_an_open_connection_does_not_hold_up_the_end(tmp_path: Path) -> None:
    async with gateway(tmp_path) as mails:
        reader, writer = await asyncio.open_connection("127.0.0.1", mails.smtp)
        assert (await reader.readline()).startswith(b"220 ")
    assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize("page", ["/messages/0", "/messages/x", "/messages?limit=0", "/messages?since=-1"])
async def test_a_malformed_question_is_refused(tmp_path: Path, page: str) -> None:
    async with gateway(tmp_path) as mails:
        assert (await mails.rest.get(page)).status_code == 422


async def test_an_unknown_mail_is_not_found(tmp_path: Path) -> None:
    async with gateway(tmp_path) as mails:
        assert (await mails.rest.get("/messages/7")).status_code == 404


async def test_deliveries_are_counted_on_the_settled_page(tmp_path: Path) -> None:
    running = await app.run(Resources(name="mail", sockets={"smtp": bind()}, state=tmp_path))
    assert await running.settled() == {"messages": 0, "deliveries": 0}
    await running.stop()
