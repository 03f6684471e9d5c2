"""Wiring of the mail gateway."""

from services.contracts.metrics import simulators
from services.runtime.metrics import Metrics
from services.runtime.resources import Resources, Running
from sim.mail import api
from sim.mail.mailbox import Mailbox
from sim.mail.smtp import Gateway

SIZE_LIMIT = 1024 * 1024
"""Bytes of one message; option ``mail_size_limit``."""


async def run(resources: Resources) -> Running:
    """Take mail on the socket ``smtp``, show it on ``http``."""
    mailbox = Mailbox(resources.state / "mail.db")
    gateway = Gateway(mailbox, int(resources.options.get("mail_size_limit", SIZE_LIMIT)))
    await gateway.start(resources.sockets["smtp"])

    async def settled() -> dict[str, object]:
        messages, deliveries = mailbox.count()
        return {"messages": messages, "deliveries": deliveries}

    async def stop() -> None:
        await gateway.stop()
        mailbox.close()

    metrics = Metrics("mail")
    metrics.gauge(simulators.MAILS).read(lambda: mailbox.count()[0])
    metrics.counter(simulators.MAIL_DELIVERIES).read(lambda: mailbox.count()[1])
    return Running(asgi=api.application(mailbox), metrics=metrics, settled=settled, stop=stop)
