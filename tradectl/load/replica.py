"""How far the replica is behind, asked of itself."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tradectl.stack.containers.passwords import known
from tradectl.stack.containers.replication import root
from tradectl.stack.state import Sandbox, read_json


def lag_of(sandbox: Sandbox) -> Callable[[], float | None]:
    """Seconds behind the primary, each time anew; None where there is no replica, or it cannot say."""
    servers: Any = read_json(sandbox.infrastructure).get("containers", {}) if sandbox.infrastructure.exists() else {}
    secrets = known(sandbox)
    if "replica" not in servers or secrets is None:
        return lambda: None
    port, password = int(servers["replica"]["port"]), secrets.root

    def ask() -> float | None:
        import pymysql
        from pymysql.cursors import DictCursor

        with suppress(pymysql.MySQLError), root(port, password) as connection, connection.cursor(DictCursor) as cursor:
            cursor.execute("SHOW REPLICA STATUS")
            said = (cursor.fetchone() or {}).get("Seconds_Behind_Source")
            return None if said is None else float(said)
        return None

    return ask
