"""Servers of somebody else, whose administrators tests are: a sandbox's, in containers."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from tests.containers import IMAGES, need
from tradectl.stack import containers
from tradectl.stack.containers.passwords import passwords
from tradectl.stack.containers.replication import root
from tradectl.stack.containers.servers import USER
from tradectl.stack.ports import remembered
from tradectl.stack.state import Sandbox


@dataclass(frozen=True)
class Servers:
    """Somebody else's, whose administrators we are here."""

    sandbox: Sandbox

    @property
    def ports(self) -> dict[str, int]:
        return remembered(self.sandbox.server_ports)

    @property
    def password(self) -> str:
        return passwords(self.sandbox).root

    def urls(self, user: str = "root", password: str = "") -> dict[str, str]:
        secrets, ports = passwords(self.sandbox), self.ports
        login = f"{user}:{password or self.password}"
        return {
            "TRADECTL_EXTERNAL_MYSQL": f"mysql://{login}@127.0.0.1:{ports['primary.mysql']}",
            "TRADECTL_EXTERNAL_MYSQL_REPLICA": f"mysql://{login}@127.0.0.1:{ports['replica.mysql']}",
            "TRADECTL_EXTERNAL_AMQP": f"amqp://{USER}:{secrets.rabbitmq}@127.0.0.1:{ports['rabbitmq.amqp']}/servers",
            "TRADECTL_EXTERNAL_AMQP_MANAGEMENT": self.management,
            "TRADECTL_EXTERNAL_REDIS": f"redis://:{secrets.redis}@127.0.0.1:{ports['redis.redis']}/3",
        }

    @property
    def management(self) -> str:
        return f"http://{USER}:{passwords(self.sandbox).rabbitmq}@127.0.0.1:{self.ports['rabbitmq.management']}"

    def column(self, question: str) -> list[str]:
        with closing(root(self.ports["primary.mysql"], self.password)) as connection, connection.cursor() as cursor:
            cursor.execute(question)
            return [str(value) for (value,) in cursor.fetchall()]

    def made(self) -> dict[str, list[str]]:
        """What they have of somebody else than themselves."""
        with Redis.from_url(self.urls()["TRADECTL_EXTERNAL_REDIS"]) as client:
            keys = [str(key) for key in client.scan_iter()]
        return {
            "schemas": self.column(
                "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'trad%'"
            ),
            "users": self.column("SELECT user FROM mysql.user WHERE user LIKE 't\\_%'"),
            "keys": keys,
        }


NOTHING: dict[str, list[str]] = {"schemas": [], "users": [], "keys": []}


@contextmanager
def owned(home: Path) -> Iterator[Servers]:
    """All four, as long as they are needed."""
    for kind in IMAGES:
        need(kind)
    made = Sandbox("servers", home / "sandboxes" / "servers")
    made.create()
    try:
        containers.bring_up(made, (), lambda _: None)
        assert set(containers.observe(made).values()) == {"running"}
        yield Servers(made)
    finally:
        containers.take_down(made, keep_data=False)
    assert set(containers.observe(made).values()) == {"absent"}
