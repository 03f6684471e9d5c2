"""Who asks: access tokens signed by auth, checked in every service.

A token is a JWT (RFC 7519) signed with Ed25519 (EdDSA, RFC 8037); its key is one of those at auth's JWKS address.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from fastapi import Depends, Request
from jwt.algorithms import OKPAlgorithm

from services.contracts.door import AUDIENCE, ISSUER, JWKS
from services.contracts.errors import DomainError
from services.kernel.peers import Peer
from services.runtime import log

ALGORITHM = "EdDSA"
CLAIMS = ["sub", "sid", "roles", "exp", "iat"]
KEPT = 10_000
"""Verified tokens, and revoked sessions, that are remembered."""
REFRESH_AFTER = 2.0
"""Seconds between two fetches of the keys, so that made-up key ids cannot make us hammer auth."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks."""

    user_id: str
    session_id: str
    roles: frozenset[str]


class Unauthenticated(DomainError):
    """No token, or none that is good any more."""

    def __init__(self, detail: str) -> None:
        super().__init__("unauthenticated", 401, detail)


def issue(key: Ed25519PrivateKey, kid: str, principal: Principal, lifetime: int) -> str:
    """A token for the principal, good for a lifetime in seconds."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": principal.user_id,
        "sid": principal.session_id,
        "roles": sorted(principal.roles),
        "iat": now,
        "exp": now + lifetime,
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": kid})


def jwk(key: Ed25519PublicKey, kid: str) -> dict[str, str]:
    """The public key as an entry of the JWKS."""
    return {**OKPAlgorithm.to_jwk(key, as_dict=True), "kid": kid, "use": "sig", "alg": ALGORITHM}


class Verifier:
    """Checks tokens against auth's keys; a token checked once costs a look-up until it expires."""

    def __init__(self, auth: Peer) -> None:
        self.auth = auth
        self._keys: dict[str, Any] = {}
        self._fetched = -REFRESH_AFTER
        self._fetching = asyncio.Lock()
        self._verified: dict[str, tuple[Principal, int]] = {}
        self._revoked: dict[str, None] = {}

    async def verify(self, token: str) -> Principal:
        """Whose token it is; Unauthenticated when it is not good, PeerUnavailable when the keys cannot be had."""
        known = self._verified.get(token)
        if known is None:
            known = self._verified[token] = await self._check(token)
            forget_oldest(self._verified)
        principal, expires = known
        if expires <= time.time():
            del self._verified[token]
            raise Unauthenticated("the access token has expired")
        if principal.session_id in self._revoked:
            raise Unauthenticated("the session has ended")
        return principal

    def revoke(self, session_ids: Iterable[str]) -> None:
        """Refuse these sessions' tokens from now on; remembered for longer than a token lives."""
        for session_id in session_ids:
            self._revoked[session_id] = None
        forget_oldest(self._revoked)

    async def _check(self, token: str) -> tuple[Principal, int]:
        try:
            kid = jwt.get_unverified_header(token).get("kid", "")
            claims = jwt.decode(
                token,
                await self._key(kid),
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": CLAIMS},
            )
        except jwt.InvalidTokenError as error:
            raise Unauthenticated("the access token is not valid") from error
        return Principal(claims["sub"], claims["sid"], frozenset(claims["roles"])), claims["exp"]

    async def _key(self, kid: str) -> Any:
        if kid not in self._keys:
            async with self._fetching:
                if kid not in self._keys and time.monotonic() - self._fetched >= REFRESH_AFTER:
                    await self._fetch()
        if kid not in self._keys:
            raise jwt.InvalidTokenError("unknown key")
        return self._keys[kid]

    async def _fetch(self) -> None:
        published = await self.auth.json("GET", JWKS)
        self._keys = {each["kid"]: OKPAlgorithm.from_jwk(each) for each in published["keys"]}
        self._fetched = time.monotonic()


def forget_oldest(kept: dict[str, Any]) -> None:
    """Hold a memory to its bound."""
    while len(kept) > KEPT:
        del kept[next(iter(kept))]


def bearer(authorization: str | None) -> str:
    """The token in an Authorization header."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("an access token is needed: Authorization: Bearer TOKEN")
    return token


async def authenticated(request: Request) -> Principal:
    """Dependency: who asks, by the Authorization header; 401 without a good token."""
    verifier: Verifier = request.app.state.verifier
    principal = await verifier.verify(bearer(request.headers.get("authorization")))
    log.bind(user_id=principal.user_id)
    return principal


User = Annotated[Principal, Depends(authenticated)]
"""A parameter of this type makes an endpoint ask for a token."""


def role(*allowed: str) -> Callable[[Request], Awaitable[Principal]]:
    """Dependency: as `authenticated`, and 403 for who has none of the roles."""

    async def with_role(request: Request) -> Principal:
        principal = await authenticated(request)
        if principal.roles.isdisjoint(allowed):
            raise DomainError("forbidden", 403, f"this needs the role {' or '.join(allowed)}")
        return principal

    return with_role
