"""A call over HTTP with connections kept alive."""

import ssl
from collections.abc import Mapping

import httpx

from services.kernel.transports.transport import Answer, PeerSilent, PeerUnavailable
from services.runtime import patience

NOT_REACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=4.0)
"""A server of ours closes an idle connection after 5 s: we drop it before."""


class Http:
    """An httpx client of its own for each peer."""

    def __init__(self, url: str, name: str, timeout: float) -> None:
        self.name = name
        self.timeout = timeout
        self._client = httpx.AsyncClient(base_url=url, limits=LIMITS, trust_env=False, verify=certificates(url))

    async def request(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            # Streamed, because an httpx response and its stream hold each other, and would hold the body.
            timeout = patience.stretched(self.timeout)
            async with self._client.stream(
                method, target, headers=dict(headers), content=body, timeout=timeout
            ) as response:
                content = b"".join([chunk async for chunk in response.aiter_bytes()])
        except NOT_REACHED as error:
            raise PeerUnavailable(self.name) from error
        except httpx.HTTPError as error:
            raise PeerSilent(self.name) from error
        return Answer(response.status_code, dict(response.headers), content)

    async def close(self) -> None:
        await self._client.aclose()


def certificates(url: str) -> ssl.SSLContext:
    """The system's certificates for https; loading them takes 20 ms, so plain http gets a context without any."""
    return ssl.create_default_context() if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
