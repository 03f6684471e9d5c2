"""How we tell a push service who we are (RFC 8292)."""

import time

import jwt

from services.notifications.domain.endpoints import private_key, public_key

GOOD_FOR = 12 * 3_600
"""Seconds; a push service takes no more than a day."""


def authorization(origin: str, contact: str, key: str) -> str:
    """The header for one push service; ``key`` is the private one, ``contact`` whom its operators write to."""
    claims = {"aud": origin, "exp": int(time.time()) + GOOD_FOR, "sub": contact}
    token = jwt.encode(claims, private_key(key), algorithm="ES256")
    return f"vapid t={token}, k={public_key(key)}"
