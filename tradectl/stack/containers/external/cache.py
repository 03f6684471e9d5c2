"""A database on a Redis that is not ours: an empty one, which is then the sandbox's."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.containers.external.given import Address

if TYPE_CHECKING:
    from redis import Redis

PATIENCE = 5


def provide(server: Address, *, fresh: bool) -> Address:
    """It answers; the first time, nobody else has anything there."""
    with commands(server) as client:
        keys = int(client.dbsize())
    if fresh and keys:
        hint = "name another one: TRADECTL_EXTERNAL_REDIS=redis://:PASSWORD@HOST:PORT/NUMBER"
        raise TradectlError(f"database {server.path or 0} of {server} holds {keys} keys", hint, ExitCode.CONFLICT)
    return server


def answers(server: Address) -> bool:
    with suppress(TradectlError), commands(server) as client:
        return bool(client.ping())
    return False


def remove(server: Address) -> list[str]:
    """What could not be removed."""
    with commands(server) as client:
        client.flushdb()
    return []


@contextmanager
def commands(server: Address) -> "Iterator[Redis]":
    """Its errors are the tool's."""
    from redis import Redis
    from redis.exceptions import RedisError

    client = Redis(
        host=server.host,
        port=server.port,
        username=server.user or None,
        password=server.password or None,
        db=number(server),
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
    )
    try:
        yield client
    except RedisError as error:
        raise TradectlError(f"no Redis answers at {server}: {error}", "check TRADECTL_EXTERNAL_REDIS") from error
    finally:
        client.close()


def number(server: Address) -> int:
    if server.path and not server.path.isdecimal():
        raise TradectlError(f"{server.path!r} is no Redis database", "it ends in a number: /0", ExitCode.USAGE)
    return int(server.path or 0)
