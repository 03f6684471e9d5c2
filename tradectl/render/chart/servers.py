"""The servers of dev and stage as the data chart's templates read them. Their files are compose's."""

from typing import Any

from tradectl.render.compose.servers import HERE, MONITOR, RUN
from tradectl.render.secrets import database
from tradectl.stack.containers import mysql
from tradectl.stack.containers.servers import RABBITMQ_DATA
from tradectl.stack.topology import Topology

Json = dict[str, Any]
ROOT = ["mysql_root", "mysql_replication"]


def servers(topology: Topology) -> Json:
    """By name: ports, arguments, secrets, where its data lie."""
    schemas = [database(each.name) for each in topology.services if each.database]
    return {
        "primary": _mysql("primary", mysql.PRIMARY, [*ROOT, f"mysql_{MONITOR}", *schemas]),
        "replica": _mysql("replica", mysql.REPLICA, ROOT),
        "rabbitmq": {
            "ports": {"amqp": 5672, "management": 15672, "metrics": 15692},
            "args": ["bash", f"{HERE}/start", f"{HERE}/rabbitmq.conf", f"{RUN}/rabbitmq.conf"],
            "secrets": ["rabbitmq", "erlang_cookie"],
            "data": RABBITMQ_DATA,
        },
        "redis": {
            "ports": {"redis": 6379},
            "args": ["bash", f"{HERE}/start", f"{HERE}/redis.conf", f"{RUN}/redis.conf", "redis-server"],
            "secrets": ["redis"],
        },
    }


def _mysql(name: str, options: tuple[str, ...], opened_by: list[str]) -> Json:
    start = ["bash", f"{HERE}/start-mysql", f"{HERE}/{name}.sql"]
    return {
        "ports": {"mysql": 3306},
        "args": [*start, *mysql.OPTIONS, f"--pid-file={RUN}/mysql.pid", *options],
        "secrets": opened_by,
        "data": mysql.DATA,
    }
