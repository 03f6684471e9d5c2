"""Percona Server, or a MySQL of the same kind: how it starts, and what it makes of itself before it lets anybody in.

The image's own entry point starts the server twice, the first time only to make users by a client. Ours lets the server
run a file of statements before it opens its port: the start takes half the time, no password is in the environment, and
a start that was cut off at any point is made whole by the next one. Data that nobody has used yet are copied where an
earlier start has left some; a server's name and keys are always its own.
"""

from collections.abc import Iterable, Mapping

from tradectl.stack.containers import fresh, sockets

DATA = "/var/lib/mysql"
START = "/tradectl/start"
STATEMENTS = "/tradectl/statements.sql"
REPLICATION = "replication"

SCRIPT = f"""\
set -eu
data={DATA}
fresh={fresh.INSIDE}
chown mysql "$data"
mkdir -p {sockets.INSIDE} && chmod 777 {sockets.INSIDE} && rm -f {sockets.INSIDE}/*
if [ ! -e "$data/tradectl.initialised" ]; then
    find "$data" -mindepth 1 -delete
    if [ -e "$fresh/data" ]; then
        cp -a "$fresh/data/." "$data"
    else
        mysqld --no-defaults --user=mysql --datadir="$data" --loose-percona-telemetry-disable=ON --initialize-insecure
        rm -f "$data/auto.cnf" "$data"/*.pem
        if [ -d "$fresh" ]; then
            # Another server may be doing the same: who comes first is taken.
            mine=$(mktemp -d "$fresh/XXXXXX")
            cp -a "$data" "$mine/data" && mv -T "$mine/data" "$fresh/data" || true
            rm -rf "$mine"
        fi
    fi
    touch "$data/tradectl.initialised"
fi
exec mysqld --no-defaults --user=mysql --datadir="$data" --init-file={STATEMENTS} "$@"
"""

OPTIONS = (
    "--bind-address=0.0.0.0",
    f"--socket={sockets.INSIDE}/{sockets.MYSQL}",
    "--skip-name-resolve",
    "--secure-file-priv=NULL",
    "--mysqlx=OFF",
    "--performance-schema=OFF",
    "--max-connections=400",
    "--innodb-buffer-pool-size=128M",
    "--innodb-log-buffer-size=8M",
    # Pages are written when there is need, not because the disk could: an idle sandbox leaves it alone.
    "--innodb-io-capacity=200",
    "--innodb-idle-flush-pct=1",
    "--innodb-use-fdatasync=ON",
    "--gtid-mode=ON",
    "--enforce-gtid-consistency=ON",
    "--loose-innodb-numa-interleave=OFF",
    "--loose-percona-telemetry-disable=ON",
)
PRIMARY = (
    "--server-id=1",
    "--log-bin=binlog",
    "--max-binlog-size=128M",
    # What is committed survives the server's end and not the machine's: decision 0035.
    "--sync-binlog=0",
    # Rows are found by their keys: what a row was before is not written down, least of all a whole event that goes.
    "--binlog-row-image=MINIMAL",
    "--innodb-flush-log-at-trx-commit=2",
    # Not at its start, when no replica is there yet to say what it needs: the statements switch it on.
    "--binlog-expire-logs-auto-purge=OFF",
)
KEPT = 6 * 3600
"""Seconds that a binary log is kept at least, and longer while the replica reads it."""
REPLICA = (
    "--server-id=2",
    # What a power cut takes from it, it fetches again.
    "--skip-log-bin",
    "--innodb-flush-log-at-trx-commit=2",
    "--read-only",
    "--super-read-only",
    "--relay-log=relay",
    "--relay-log-recovery=ON",
    "--replica-net-timeout=10",
    "--skip-replica-start",
    # One thread keeps up; four that wait for each other cost twice the time of two cores.
    "--replica-parallel-workers=1",
)


def command(*options: str) -> list[str]:
    return [START, *OPTIONS, *options]


def root(password: str) -> list[str]:
    """Root by the network; the one of the socket, which no network reaches, gets the same password."""
    return [
        f"ALTER USER 'root'@'localhost' IDENTIFIED BY '{password}'",
        f"CREATE USER IF NOT EXISTS 'root'@'%' IDENTIFIED BY '{password}'",
        "GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION",
    ]


def replication_user(password: str) -> list[str]:
    return [
        f"CREATE USER IF NOT EXISTS '{REPLICATION}'@'%' IDENTIFIED BY '{password}' REQUIRE SSL",
        f"GRANT REPLICATION SLAVE ON *.* TO '{REPLICATION}'@'%'",
    ]


def service(schema: str, user: str, password: str) -> list[str]:
    """A schema, and a user with rights on it and nothing else: in a grant an underscore stands for any character."""
    pattern = schema.replace("_", r"\_")
    return [
        f"CREATE DATABASE IF NOT EXISTS `{schema}`",
        f"CREATE USER IF NOT EXISTS '{user}'@'%' IDENTIFIED BY '{password}'",
        f"GRANT ALL ON `{pattern}`.* TO '{user}'@'%'",
    ]


def primary(root_password: str, replication_password: str, services: Mapping[str, str]) -> list[str]:
    """What the primary runs at each start; all of it may be there already.

    A statement that fails ends them all and not the server: who comes in as root knows that the others are done.
    """
    return [
        f"SET GLOBAL binlog_expire_logs_seconds = {KEPT}",
        "SET GLOBAL binlog_expire_logs_auto_purge = ON",
        *replication_user(replication_password),
        *(line for name, password in services.items() for line in service(name, name, password)),
        *root(root_password),
    ]


def replica(root_password: str, replication_password: str, source: str) -> list[str]:
    """What the replica runs at each start: users come from the primary, but its own root has to be there before."""
    settings = {
        "SOURCE_HOST": f"'{source}'",
        "SOURCE_USER": f"'{REPLICATION}'",
        "SOURCE_PASSWORD": f"'{replication_password}'",
        "SOURCE_SSL": 1,
        "SOURCE_AUTO_POSITION": 1,
        "SOURCE_CONNECT_RETRY": 1,  # seconds
        "SOURCE_RETRY_COUNT": 0,  # for ever
        "SOURCE_HEARTBEAT_PERIOD": 2,
    }
    return [
        *root(root_password),
        f"CHANGE REPLICATION SOURCE TO {', '.join(f'{name} = {value}' for name, value in settings.items())}",
        "START REPLICA",
    ]


def file(statements: Iterable[str]) -> bytes:
    """As the server reads it: a statement a line."""
    return "".join(f"{statement};\n" for statement in statements).encode()
