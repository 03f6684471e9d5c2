"""Codes of an authenticator app (TOTP, RFC 6238: SHA-1, 30 seconds, six digits), and recovery codes beside them."""

import hmac
import secrets
import struct
from base64 import b32decode, b32encode
from dataclasses import dataclass, replace
from urllib.parse import quote

from services.auth.domain.users import code_digest, new_code
from services.contracts.clock import SECOND

PERIOD = 30 * SECOND
DIGITS = 6
SKEW = 1
"""Steps that the user's clock may be ahead or behind."""
SECRET_BYTES = 20
"""As long as SHA-1's result (RFC 4226, section 4)."""
RECOVERY_CODES = 10
ISSUER = "tradectl"


def new_secret() -> str:
    """160 random bits in base 32, as authenticators read them."""
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def new_recovery_codes() -> list[str]:
    """Each good once, for who has lost the authenticator."""
    return [new_code() for _ in range(RECOVERY_CODES)]


def code_at(secret: str, step: int, digits: int = DIGITS) -> str:
    """The code of a step: RFC 4226's truncation of an HMAC."""
    mac = hmac.digest(b32decode(secret), struct.pack(">Q", step), "sha1")
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4]) & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}}"


def uri(secret: str, email: str) -> str:
    """What an authenticator scans."""
    label = quote(f"{ISSUER}:{email}", safe="")
    return f"otpauth://totp/{label}?secret={secret}&issuer={ISSUER}&algorithm=SHA1&digits={DIGITS}&period=30"


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondFactor:
    """A user's authenticator; asked for once it is ``confirmed`` (wall time, microseconds).

    ``step`` is the last one of which a code was used, ``recovery`` are the digests of the codes that are left.
    """

    user_id: str
    secret: str
    created: int
    confirmed: int | None = None
    step: int = 0
    recovery: tuple[str, ...] = ()

    def after(self, code: str, at: int) -> "SecondFactor | None":
        """With a code used up that is right at this time; None when it is wrong, or was used before."""
        plain = code.replace(" ", "")
        if len(plain) == DIGITS and plain.isascii() and plain.isdigit():
            return self._after_step(plain, at)
        digest = code_digest(code)
        if self.confirmed is None or digest not in self.recovery:
            return None
        return replace(self, recovery=tuple(each for each in self.recovery if each != digest))

    def _after_step(self, code: str, at: int) -> "SecondFactor | None":
        now = at // PERIOD
        for step in range(max(now - SKEW, self.step + 1), now + SKEW + 1):
            if hmac.compare_digest(code_at(self.secret, step), code):
                return replace(self, step=step)
        return None
