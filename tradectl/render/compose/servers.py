"""The servers that services stand on: Percona Server and its replica, RabbitMQ, Redis, and what each is told."""

from collections.abc import Sequence

from tradectl.render.compose.container import SEVERAL, Container
from tradectl.render.compose.images import image
from tradectl.render.compose.profiles import CORE
from tradectl.render.secrets import database
from tradectl.render.wiring import DATABASE
from tradectl.stack.containers import mysql
from tradectl.stack.containers.servers import RABBITMQ_DATA
from tradectl.stack.topology import Topology

HERE = "/tradectl"
"""Where files of compose/servers/ lie inside."""
RUN = "/run/tradectl"
"""In memory: what is filled with secrets."""
MEMORY = ("/tmp", "/run", RUN)  # noqa: S108 (in the container)
"""A runc before 1.1.6 gives a folder in memory the mode of one that is there, so that nobody could write there after a
restart; but all of /run is made anew.
"""
START = "servers/start"
MYSQL = "servers/start-mysql"
MONITOR = "monitor"
"""Who measures the databases."""

FILL = """\
#!/usr/bin/env bash
# {what}
set -eu
filled() {{
    local text secret name
    text=$(<"$1")
    for secret in /run/secrets/*; do
        name=${{secret##*/}}
        text=${{text//"<$name>"/$(<"$secret")}}
    done
    printf '%s\\n' "$text"
}}
"""
START_TEXT = (
    FILL.format(what="start TEMPLATE FILE COMMAND...: a server whose settings hold secrets.")
    + """\
filled "$1" >"$2"
shift 2
exec "$@"
"""
)
MYSQL_TEXT = (
    FILL.format(
        what="start-mysql STATEMENTS OPTION...: MySQL as it is, its first statements run before it lets anybody in."
    )
    + f"""\
data={mysql.DATA}
if [ ! -e "$data/tradectl.initialised" ]; then
    find "$data" -mindepth 1 -delete
    mysqld --no-defaults --datadir="$data" --loose-percona-telemetry-disable=ON --initialize-insecure
    touch "$data/tradectl.initialised"
fi
filled "$1" >{RUN}/statements.sql
shift
exec mysqld --no-defaults --datadir="$data" --init-file={RUN}/statements.sql "$@"
"""
)
RABBITMQ_CONF = """\
default_user = tradectl
default_pass = <rabbitmq>
default_vhost = tradectl
default_user_tags.administrator = true
loopback_users = none
vm_memory_high_watermark.absolute = 512MiB
disk_free_limit.absolute = 100MB
log.console = true
log.console.level = warning
log.file = false
"""
REDIS_CONF = """\
bind 0.0.0.0
requirepass <redis>
save ""
appendonly no
dir /tmp
maxmemory 256mb
maxmemory-policy allkeys-lru
"""
GREETING = "exec 3<>/dev/tcp/127.0.0.1/5672 && printf 'AMQP\\0\\0\\011\\001' >&3 && IFS= read -r -n 1 -t 4 said <&3"
FIRST_BYTE = '[ "$$said" = "$$(printf "\\001")" ]'
"""Of connection.start."""


def files(topology: Topology) -> dict[str, str]:
    """What the servers are started with, by its place in compose/."""
    schemas = {each.name: f"<{database(each.name)}>" for each in topology.services if each.database}
    primary = [*monitor(), *mysql.primary("<mysql_root>", "<mysql_replication>", schemas)]
    return {
        START: START_TEXT,
        MYSQL: MYSQL_TEXT,
        "servers/primary.sql": statements(primary),
        "servers/replica.sql": statements(mysql.replica("<mysql_root>", "<mysql_replication>", "primary")),
        "servers/rabbitmq.conf": RABBITMQ_CONF,
        "servers/enabled_plugins": "[rabbitmq_management,rabbitmq_prometheus].\n",
        "servers/redis.conf": REDIS_CONF,
    }


def monitor() -> list[str]:
    """The user by whom the databases are measured: it sees states and no row."""
    return [
        f"CREATE USER IF NOT EXISTS '{MONITOR}'@'%' IDENTIFIED BY '<mysql_monitor>' WITH MAX_USER_CONNECTIONS 5",
        f"GRANT PROCESS, REPLICATION CLIENT ON *.* TO '{MONITOR}'@'%'",
    ]


def statements(lines: Sequence[str]) -> str:
    return mysql.file(lines).decode()


def configs() -> dict[str, str]:
    """The place of each file by its name among Compose's configs."""
    return {
        "start": START,
        "start-mysql": MYSQL,
        "primary": "servers/primary.sql",
        "replica": "servers/replica.sql",
        "rabbitmq": "servers/rabbitmq.conf",
        "rabbitmq-plugins": "servers/enabled_plugins",
        "redis": "servers/redis.conf",
    }


def all_of(topology: Topology) -> dict[str, Container]:
    """By container."""
    schemas = [database(each.name) for each in topology.services if each.database]
    return {
        "volumes": volumes(VOLUMES, CORE),
        "primary": _mysql("primary", mysql.PRIMARY, ["mysql_root", "mysql_replication", "mysql_monitor", *schemas]),
        "replica": _mysql("replica", mysql.REPLICA, ["mysql_root", "mysql_replication"]),
        "rabbitmq": rabbitmq(),
        "redis": redis(),
    }


NAMES = ("volumes", "primary", "replica", "rabbitmq", "redis")
VOLUMES = ("world", "primary", "replica", "rabbitmq")


def volumes(names: Sequence[str], profiles: Sequence[str]) -> Container:
    """A volume is root's when it is made, or whose the image says: this lets in whoever its container is, once."""
    return Container(
        image=image("platform"),
        user="0:0",
        memory="64M",
        profiles=profiles,
        networks={},
        command=("chmod", "0777", *(f"/volumes/{name}" for name in names)),
        volumes=tuple(f"{name}:/volumes/{name}" for name in names),
        rights=("FOWNER",),
        restart="no",
    )


def _mysql(name: str, options: Sequence[str], opened_by: Sequence[str]) -> Container:
    ask = "export MYSQL_PWD=$$(cat /run/secrets/mysql_root); mysql -h127.0.0.1 -uroot"
    look = f"{ask} -e 'SELECT 1'"
    if name == "replica":
        look = f"[ \"$$({ask} -Ee 'SHOW REPLICA STATUS' | grep -cE 'Replica_(IO|SQL)_Running: Yes')\" = 2 ]"
    return Container(
        image=image("percona"),
        user="mysql",
        memory="1G",
        profiles=CORE,
        networks={DATABASE: (name,)},
        entrypoint=("bash", f"{HERE}/start-mysql"),
        command=(f"{HERE}/statements.sql", *mysql.OPTIONS, f"--pid-file={RUN}/mysql.pid", *options),
        secrets=opened_by,
        files={"start-mysql": f"{HERE}/start-mysql", name: f"{HERE}/statements.sql"},
        volumes=(f"{name}:{mysql.DATA}",),
        writable=(*MEMORY, "/run/mysqld"),
        health=("bash", "-c", look),
        once=("volumes",),
        after=("primary",) if name == "replica" else (),
        processors=SEVERAL,
        processes=500,
    )


def rabbitmq() -> Container:
    """Its node is known by a name that does not change, as its data are found by that."""
    return Container(
        image=image("rabbitmq"),
        user="rabbitmq",
        memory="1G",
        profiles=CORE,
        networks={"rabbitmq": ()},
        entrypoint=("bash", f"{HERE}/start", f"{HERE}/rabbitmq.conf", f"{RUN}/rabbitmq.conf"),
        command=("rabbitmq-server",),
        environment={
            "RABBITMQ_NODENAME": "rabbit@localhost",
            "RABBITMQ_CONFIG_FILE": f"{RUN}/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{HERE}/enabled_plugins",
            "RABBITMQ_LOGS": "-",
            "HOME": RABBITMQ_DATA,
        },
        secrets=("rabbitmq",),
        files={
            "start": f"{HERE}/start",
            "rabbitmq": f"{HERE}/rabbitmq.conf",
            "rabbitmq-plugins": f"{HERE}/enabled_plugins",
        },
        volumes=(f"rabbitmq:{RABBITMQ_DATA}",),
        writable=(*MEMORY, "/var/log/rabbitmq"),
        health=("bash", "-c", f"{GREETING} && {FIRST_BYTE}"),
        once=("volumes",),
        processors=SEVERAL,
        processes=1000,
    )


def redis() -> Container:
    """A cache: what it holds is gone with it."""
    ask = "exec 3<>/dev/tcp/127.0.0.1/6379 && printf 'AUTH %s\\r\\n' \"$$(cat /run/secrets/redis)\" >&3"
    return Container(
        image=image("redis"),
        user="redis",
        memory="320M",
        profiles=CORE,
        networks={"redis": ()},
        entrypoint=("bash", f"{HERE}/start", f"{HERE}/redis.conf", f"{RUN}/redis.conf"),
        command=("redis-server", f"{RUN}/redis.conf"),
        secrets=("redis",),
        files={"start": f"{HERE}/start", "redis": f"{HERE}/redis.conf"},
        writable=(*MEMORY, "/data"),
        health=("bash", "-c", f'{ask} && read -r -t 4 said <&3 && [ "$${{said:0:3}}" = +OK ]'),
    )
