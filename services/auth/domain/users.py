"""Users, codes and tokens: what is a good one, and who may change whom."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.contracts.errors import DomainError
from services.contracts.events.auth import ProfileChanged

ROLES = ("trader", "moderator", "support", "admin")
STAFF = frozenset({"support", "admin"})

CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like another one or like a digit."""
CODE_LENGTH = 10
"""50 bits: not to be guessed in any number of tries that a code lives for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """One account; ``verified`` is the wall time (microseconds) when the address was shown to be the user's own."""

    id: str
    email: str
    display_name: str
    language: str
    time_zone: str
    roles: frozenset[str]
    blocked: bool
    verified: int | None
    created: int

    def profile(self) -> ProfileChanged:
        """What other services keep of the user."""
        return ProfileChanged(
            user_id=self.id,
            email=self.email,
            display_name=self.display_name,
            language="ru" if self.language == "ru" else "en",
            time_zone=self.time_zone,
            roles=ordered(self.roles),
            blocked=self.blocked,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What staff wants of an account; None leaves it as it is."""

    roles: frozenset[str] | None = None
    blocked: bool | None = None

    def applied_to(self, user: User) -> User:
        """The account after the change."""
        return replace(
            user,
            roles=user.roles if self.roles is None else self.roles,
            blocked=user.blocked if self.blocked is None else self.blocked,
        )


def ordered(roles: Iterable[str]) -> tuple[str, ...]:
    """Roles from the least to the most powerful."""
    return tuple(sorted(roles, key=ROLES.index))


def normalised(email: str) -> str:
    """The address as it is stored and looked for: two spellings of one mailbox are one account."""
    return email.strip().lower()


def new_code() -> str:
    """A code for a mail, in two groups that can be read out: ``7K3QF-9M2XA``."""
    text = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return f"{text[: CODE_LENGTH // 2]}-{text[CODE_LENGTH // 2 :]}"


def code_digest(code: str) -> str:
    """What is stored of a code; case, spaces and hyphens do not count, and look-alikes are what they look like."""
    plain = code.upper().replace("-", "").replace(" ", "").translate(str.maketrans("ILO", "110"))
    return digest(plain)


def new_refresh_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a random secret: SHA-256 is enough where there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def check_may_log_in(user: User) -> None:
    """Refuse an account that has no access, once the password was right: nobody else learns why."""
    if user.verified is None:
        raise DomainError("not_verified", 403, "the address is not verified yet: use the code in the mail")
    if user.blocked:
        raise DomainError("blocked", 403, "this account is blocked")


def check_staff(actor: User) -> None:
    """Refuse who is not of the staff, or not any more, whatever his token says."""
    if actor.blocked or actor.roles.isdisjoint(STAFF):
        raise DomainError("forbidden", 403, "this needs the role admin or support")


def check_change(actor: User, user: User, change: Change) -> None:
    """Support may block traders and moderators; roles, and staff itself, are the admins' to change; nobody his own."""
    check_staff(actor)
    if actor.id == user.id:
        raise DomainError("own_account", 403, "another admin must change your account")
    if "admin" in actor.roles:
        return
    if change.roles is not None:
        raise DomainError("forbidden", 403, "roles are given by admins", field="roles")
    if not user.roles.isdisjoint(STAFF):
        raise DomainError("forbidden", 403, "an account of the staff is changed by admins")
