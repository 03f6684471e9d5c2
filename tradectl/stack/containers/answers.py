"""Whether a server answers, asked as its users do. Docker's own proxy takes a connection before the server is there."""

import socket
from base64 import b64encode
from collections.abc import Callable, Mapping

from tradectl.errors import TradectlError
from tradectl.probes import http
from tradectl.stack.containers.owner import Role
from tradectl.stack.containers.passwords import Passwords
from tradectl.stack.containers.replication import in_step, root
from tradectl.stack.containers.servers import USER
from tradectl.stack.ports import LOOPBACK

PATIENCE = 2.0
"""Seconds for one answer."""
NO_ACCESS = 1045
AMQP = b"AMQP\x00\x00\x09\x01"
METHOD_FRAME = b"\x01"
"""What RabbitMQ's answer begins with: connection.start."""


def mysql(port: int, password: str) -> bool:
    """It opens its port when its users are made: then a password that does not fit never will."""
    import pymysql

    try:
        root(port, password).close()
    except pymysql.err.OperationalError as error:
        if error.args[0] == NO_ACCESS:
            hint = "`docker logs` of it says why; `tradectl down` removes it with its data"
            raise TradectlError("MySQL does not know its root: its first statements failed", hint) from error
        return False
    return True


def rabbitmq(amqp: int, management: int, password: str, vhost: str) -> bool:
    """Its AMQP port greets, and the user may use the virtual host."""
    if not exchange(amqp, AMQP).startswith(METHOD_FRAME):
        return False
    token = b64encode(f"{USER}:{password}".encode()).decode()
    try:
        url = f"http://{LOOPBACK}:{management}/api/permissions/{vhost}/{USER}"
        return http.get(url, headers={"Authorization": f"Basic {token}"}).status == 200
    except http.UnreachableError:
        return False


def redis(port: int, password: str) -> bool:
    return exchange(port, f"AUTH {password}\r\nPING\r\n".encode()).startswith(b"+OK")


def exchange(port: int, question: bytes, host: str = LOOPBACK) -> bytes:
    """The first bytes of the answer; none when nobody is there."""
    try:
        with socket.create_connection((host, port), PATIENCE) as connection:
            connection.sendall(question)
            return connection.recv(64)
    except OSError:
        return b""


def probe(role: Role, ports: Mapping[str, int], secrets: Passwords, vhost: str) -> Callable[[], bool]:
    """Whether this server is ready: the replica, when it has all that the primary has."""
    primary, replica = ports["primary.mysql"], ports["replica.mysql"]
    probes: Mapping[Role, Callable[[], bool]] = {
        "primary": lambda: mysql(primary, secrets.root),
        "replica": lambda: mysql(replica, secrets.root) and in_step(primary, replica, secrets.root),
        "rabbitmq": lambda: rabbitmq(ports["rabbitmq.amqp"], ports["rabbitmq.management"], secrets.rabbitmq, vhost),
        "redis": lambda: redis(ports["redis.redis"], secrets.redis),
    }
    return probes[role]
