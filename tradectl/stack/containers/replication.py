"""The replica's two threads, and how far it is behind."""

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from tradectl.errors import TradectlError
from tradectl.stack.ports import LOOPBACK

if TYPE_CHECKING:
    import pymysql

HOPELESS = {1236, 13114, 13117}
"""What the receiver does not try again: the primary's log begins too late, or is not what it was."""


def root(port: int, password: str, host: str = LOOPBACK) -> "pymysql.Connection[Any]":
    """A connection as root; pymysql's OperationalError while there is none to be had."""
    import pymysql

    return pymysql.connect(
        host=host,
        port=port,
        user="root",
        password=password,
        autocommit=True,
        connect_timeout=2,
        read_timeout=10,
        write_timeout=10,
    )


class Replication:
    """Primary and replica, each by a connection as root."""

    def __init__(self, primary: int, replica: int, password: str) -> None:
        self._primary = root(primary, password)
        self._replica = root(replica, password)

    def close(self) -> None:
        for connection in (self._primary, self._replica):
            connection.close()

    def in_step(self) -> bool:
        """Whether both threads run and the replica has all that the primary has done; an idle receiver is woken."""
        status = self.status()
        complain(status)
        if status["Replica_IO_Running"] == "Connecting" and status["Last_IO_Errno"]:
            self._wake()
        if {status["Replica_IO_Running"], status["Replica_SQL_Running"]} != {"Yes"}:
            return False
        done = self._value(self._primary, "SELECT @@GLOBAL.gtid_executed")
        return bool(self._value(self._replica, "SELECT GTID_SUBSET(%s, @@GLOBAL.gtid_executed)", done))

    def status(self) -> dict[str, Any]:
        from pymysql.cursors import DictCursor

        with self._replica.cursor(DictCursor) as cursor:
            cursor.execute("SHOW REPLICA STATUS")
            return cursor.fetchone() or {}

    def _wake(self) -> None:
        """It tries once a second: now that the primary answers, that is too long."""
        with self._replica.cursor() as cursor:
            cursor.execute("STOP REPLICA IO_THREAD")
            cursor.execute("START REPLICA IO_THREAD")

    @staticmethod
    def _value(connection: "pymysql.Connection[Any]", question: str, *values: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(question, values)
            row = cursor.fetchone()
            return row and row[0]


def complain(status: Mapping[str, Any]) -> None:
    """TradectlError when a thread has ended with an error that waiting does not mend, or never began."""
    applier, receiver = int(status.get("Last_SQL_Errno") or 0), int(status.get("Last_IO_Errno") or 0)
    said = status.get("Last_SQL_Error") or status.get("Last_IO_Error") or "it was not told to"
    if applier or receiver in HOPELESS or not status:
        raise TradectlError(
            f"the replica does not follow the primary: {said}",
            "`tradectl down` and `tradectl up` make both anew; `docker logs` of the replica says more",
        )


def in_step(primary: int, replica: int, password: str) -> bool:
    """One look; False as well while one of them does not answer."""
    import pymysql

    try:
        with closing(Replication(primary, replica, password)) as both:
            return both.in_step()
    except pymysql.err.OperationalError:
        return False
