"""Events of auth and users; the aggregate is the user."""

from typing import ClassVar, Literal

from services.contracts.event import Event


class UserEvent(Event):
    """Something that happened to one user."""

    producer: ClassVar[str] = "auth"
    user_id: str

    @property
    def key(self) -> str:
        return self.user_id


class UserRegistered(UserEvent):
    """A new user whose address is not verified yet; ``code`` goes to that address and nowhere else."""

    name: ClassVar[str] = "user_registered"
    email: str
    display_name: str
    language: Literal["en", "ru"]
    code: str


class UserVerified(UserEvent):
    """The address is the user's own: the account may log in."""

    name: ClassVar[str] = "user_verified"


class ProfileChanged(UserEvent):
    """What other services keep of a user, whole, at registration and at each change."""

    name: ClassVar[str] = "profile_changed"
    email: str
    display_name: str
    language: Literal["en", "ru"]
    time_zone: str
    roles: tuple[str, ...]
    blocked: bool


class UserBlocked(UserEvent):
    """An admin blocked or unblocked the user."""

    name: ClassVar[str] = "user_blocked"
    blocked: bool
    by: str


class SessionsRevoked(UserEvent):
    """Sessions ended: by logout, a replayed refresh token, a block, a new password. None of their tokens is good."""

    name: ClassVar[str] = "sessions_revoked"
    session_ids: tuple[str, ...]
    reason: Literal["logout", "replay", "blocked", "password"]


class LoginLocked(UserEvent):
    """So many log-ins failed that nobody can log in to the account ``until`` then (wall time, microseconds)."""

    name: ClassVar[str] = "login_locked"
    failures: int
    until: int


class PasswordForgotten(UserEvent):
    """Somebody asked for a new password; ``code``, which sets it, goes to the user's address and nowhere else."""

    name: ClassVar[str] = "password_forgotten"
    code: str


class PasswordChanged(UserEvent):
    """The account has a new password; no session outlives it."""

    name: ClassVar[str] = "password_changed"


class SecondFactorChanged(UserEvent):
    """Log-ins ask for an authenticator's code from now on, or do not any more."""

    name: ClassVar[str] = "second_factor_changed"
    enabled: bool
