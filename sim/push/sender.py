"""Who pushes: the application server's voluntary identification (RFC 8292)."""

import re
import time

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from sim.push.device import decoded

ORIGIN = "https://push.sandbox"
"""Of every endpoint here: a name that no resolver knows, so that endpoints outlive ports, snapshots and networks."""
LONGEST = 24 * 3_600
"""Seconds that a token may be good for."""
SCHEME = re.compile(r"vapid\s+(?:t=([\w.-]+)\s*,\s*k=([\w-]+)|k=([\w-]+)\s*,\s*t=([\w.-]+))", re.IGNORECASE)


class StrangerError(Exception):
    """The sender is not the one that the subscription is for; ``status`` says whether he said who he is."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def check(authorization: str, wanted: str | None, now: float | None = None) -> None:
    """StrangerError unless the header proves the wanted key; a subscription of no key takes pushes from anybody."""
    found = SCHEME.fullmatch(authorization.strip())
    if found is None:
        if wanted is None and not authorization:
            return
        raise StrangerError(401, "Authorization is not `vapid t=TOKEN, k=KEY`")
    token, key = (found[1], found[2]) if found[1] else (found[4], found[3])
    if wanted is not None and key != wanted:
        raise StrangerError(403, "the subscription is for another key")
    try:
        public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), decoded(key))
        claims = jwt.decode(token, public, algorithms=["ES256"], audience=ORIGIN, options={"require": ["exp", "sub"]})
    except (ValueError, jwt.InvalidTokenError) as error:
        raise StrangerError(403, f"the token proves nothing: {error}") from error
    if claims["exp"] > (time.time() if now is None else now) + LONGEST:
        raise StrangerError(403, "the token is good for longer than a day")


def is_key(text: str) -> bool:
    """Whether it is a public key as VAPID writes it."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), decoded(text))
    except ValueError:
        return False
    return True
