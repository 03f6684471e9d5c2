"""A database that is thrown away: whether a dump goes into one, and how many rows are there then."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tradectl.backup.dumping import DUMP
from tradectl.backup.manifest import Manifest
from tradectl.backup.programs.contained import Contained
from tradectl.backup.replacing import CLIENT
from tradectl.errors import TradectlError
from tradectl.probes.eventually import eventually
from tradectl.stack.containers.engine import connect, explained
from tradectl.stack.containers.images import settled
from tradectl.stack.containers.owner import Owner
from tradectl.stack.state import home

if TYPE_CHECKING:
    from docker.models.containers import Container

SOCKET = "/tmp/trial.sock"  # noqa: S108 (of a container that nobody else is in)
START = f"""\
mysqld --no-defaults --user=mysql --datadir=/tmp/trial --loose-percona-telemetry-disable=ON --initialize-insecure
(sleep 3600; kill 1) &
exec mysqld --no-defaults --user=mysql --datadir=/tmp/trial --loose-percona-telemetry-disable=ON \\
  --socket={SOCKET} --skip-networking --mysqlx=OFF --gtid-mode=ON --enforce-gtid-consistency=ON --skip-log-bin \\
  --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=OFF
"""
READY = 120.0
"""Seconds."""


def tried(dump: Path, made: Manifest) -> Mapping[str, int]:
    """Rows by ``schema.table`` of a database that has taken the dump."""
    with _database() as run:
        with dump.open("rb") as source:
            run.feed(source, "mysql", *CLIENT)
        tables = sorted(made.piece(DUMP).rows)
        return {table: int(run.answer(f"SELECT COUNT(*) FROM {_quoted(table)}")) for table in tables}  # noqa: S608


def _quoted(table: str) -> str:
    return ".".join(f"`{part}`" for part in table.split("."))


@contextmanager
def _database() -> Iterator[Contained]:
    owner = Owner("backup-trial", home(), f"{time.time_ns():x}")
    image = settled()["percona"]
    with explained(f"start a container of {image}"):
        container = connect().containers.run(
            image,
            ["-c", START],
            entrypoint="sh",
            user="root",
            detach=True,
            network_mode="none",
            labels=owner.labels("trial"),
        )
    try:
        run = Contained(container)
        run.lay(run.login, f"[client]\nuser=root\nsocket={SOCKET}\n".encode())
        eventually(lambda: _answers(run, container), READY, what="a database to try it in", every=0.2)
        yield run
    finally:
        with explained("remove the database"):
            container.remove(force=True, v=True)


def _answers(run: Contained, container: "Container") -> bool | None:
    container.reload()
    if container.status not in {"running", "created"}:
        said = container.logs(tail=2).decode(errors="replace").strip()
        raise TradectlError(
            f"the database to try it in has ended: {said}", "`docker images` shows what it was made from"
        )
    try:
        return run.answer("SELECT 1") == "1" or None
    except TradectlError:
        return None
