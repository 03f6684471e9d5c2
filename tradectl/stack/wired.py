"""Where a part finds its callees when there is a network between them: at the near ends of its links."""

from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from sim.network.manifest import LINKS
from tradectl.stack.topology import NETWORK

WITHIN = ("asgi", "memory", "sqlite+aiosqlite")
"""Schemes of what lies in the caller's own process, which no network leads to."""


def wired(part: str, urls: Mapping[str, str]) -> dict[str, str]:
    """The URLs of a part, with each link's near end in the place of the callee."""
    led = dict(urls)
    for link in LINKS:
        name = link.known_as or link.callee
        url = urlsplit(urls.get(name, ""))
        if link.caller == part and url.scheme and url.scheme not in WITHIN:
            led[name] = through(url, urlsplit(urls[f"{NETWORK}.{link.port}"]).netloc)
    return led


def through(url: SplitResult, near: str) -> str:
    """The same by TCP to another address: what was found by a socket of this machine is no more."""
    credentials, at, _ = url.netloc.rpartition("@")
    led = url._replace(netloc=f"{credentials}{at}{near}")
    if url.scheme == "unix":  # Redis, whose database stands behind the question mark
        return led._replace(scheme="redis", path="/" + url.query.removeprefix("db="), query="").geturl()
    return led._replace(query="").geturl()
