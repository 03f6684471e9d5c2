"""How far the replica is behind, asked of itself."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tradectl.stack.composed.contained import addresses
from tradectl.stack.containers.addresses import INSIDE
from tradectl.stack.containers.passwords import known
from tradectl.stack.containers.replication import root
from tradectl.stack.ports import LOOPBACK
from tradectl.stack.state import Sandbox, read_json


def lag_of(sandbox: Sandbox) -> Callable[[], float | None]:
    """Seconds behind the primary, each time anew; None where there is no replica, or it cannot say."""
    servers: Any = read_json(sandbox.infrastructure).get("containers", {}) if sandbox.infrastructure.exists() else {}
    secrets = known(sandbox)
    if "replica" not in servers or secrets is None:
        return lambda: None
    password, port = secrets.root, servers["replica"].get("port")
    # On compose it has no port of this machine, which reaches it on the network that it is in.
    host, port = (LOOPBACK, int(port)) if port else (addresses(sandbox)["replica"], INSIDE["replica"]["mysql"])

    def ask() -> float | None:
        import pymysql
        from pymysql.cursors import DictCursor

        with (
            suppress(pymysql.MySQLError),
            root(port, password, host) as connection,
            connection.cursor(DictCursor) as cursor,
        ):
            cursor.execute("SHOW REPLICA STATUS")
            said = (cursor.fetchone() or {}).get("Seconds_Behind_Source")
            return None if said is None else float(said)
        return None

    return ask
