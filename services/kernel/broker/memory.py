"""The broker in the process: durable queues in one SQLite file, live ones in memory."""

from typing import cast
from urllib.parse import parse_qs, urlsplit

from services.kernel.broker.protocol import Broker
from services.runtime import local


def memory_broker(url: str) -> Broker:
    """The process's broker of this URL."""
    try:
        return cast("Broker", local.find(url))
    except LookupError:
        path = parse_qs(urlsplit(url).query)["path"][0]
        raise RuntimeError(path) from None
