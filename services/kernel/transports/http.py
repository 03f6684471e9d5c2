"""A call over HTTP with connections kept alive."""

import ssl
from collections.abc import Mapping

import aiohttp
from yarl import URL

from services.kernel.transports.transport import Answer, PeerSilent, PeerUnavailable
from services.runtime import patience

NOT_REACHED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
CONNECTIONS = 100
KEPT_FOR = 4.0
"""Seconds; a server of ours closes an idle connection after 5 s: we drop it before."""
UNASKED = ("Accept", "Accept-Encoding", "User-Agent", "Content-Type")
"""Headers that aiohttp would add."""


class Http:
    """A session of aiohttp's of its own for each peer."""

    def __init__(self, url: str, name: str, timeout: float) -> None:
        self.name = name
        self.timeout = timeout
        self._url = url.rstrip("/")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEPT_FOR, ssl=certificates(url)),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=UNASKED,
            auto_decompress=False,
        )

    async def request(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        timeout = patience.stretched(self.timeout)
        try:
            async with self._session.request(
                method,
                URL(self._url + target, encoded=True),
                headers=headers,
                data=body or None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=None, connect=timeout, sock_connect=timeout, sock_read=timeout),
            ) as response:
                content = await response.read()
        except NOT_REACHED as error:
            raise PeerUnavailable(self.name) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PeerSilent(self.name) from error
        return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, content)

    async def close(self) -> None:
        await self._session.close()


def certificates(url: str) -> ssl.SSLContext | bool:
    """The system's certificates for https; loading them takes 20 ms, so plain http does without."""
    return ssl.create_default_context() if url.startswith("https:") else True
