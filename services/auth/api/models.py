"""What auth's routes take and give."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.auth.domain import User, ordered
from services.auth.domain.watchlists import Watchlist as Kept
from services.contracts.times import rfc3339

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = rf"^{ATOM}(\.{ATOM})*@({LABEL}\.)+{LABEL}$"
"""An address as it stands in a mail's header without quotes (RFC 5321, dot-string)."""

Email = Annotated[str, Field(min_length=3, max_length=254, pattern=EMAIL, examples=["ann@example.org"])]
Password = Annotated[str, Field(min_length=10, max_length=128)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\u0000-\u001f\u007f-\u009f]+$")]
Language = Literal["en", "ru"]
Role = Literal["trader", "moderator", "support", "admin"]
Symbol = Annotated[str, Field(pattern=r"^[A-Z0-9._-]{1,32}$", examples=["AAPL"])]
Secret = Annotated[str, Field(min_length=1, max_length=128)]


def known_zone(name: str) -> str:
    """Refuse what the time zone database does not know."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        if name != "UTC":
            raise ValueError("no such time zone") from None
    return name


def all_zones(schema: dict[str, Any]) -> None:
    """Name every zone in the OpenAPI document; finding them reads a thousand files, so never before it is asked for."""
    schema["enum"] = sorted({"UTC", *available_timezones()})


def without_defaults(schema: dict[str, Any]) -> None:
    """In a PATCH what is not named stays: its fields have no default."""
    for field in schema["properties"].values():
        field.pop("default", None)


TimeZone = Annotated[str, AfterValidator(known_zone), Field(max_length=64, json_schema_extra=all_zones)]


class Body(BaseModel):
    """A request's body: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Registration(Body):
    email: Email
    password: Password
    display_name: Name
    language: Language = "en"
    time_zone: TimeZone = "UTC"


class Verification(Body):
    email: Email
    code: Secret


class Credentials(Body):
    email: Email
    password: Secret
    code: Secret | None = None


class OwnPassword(Body):
    password: Secret


class Code(Body):
    code: Secret


class Removal(Body):
    password: Secret
    code: Secret


class Forgotten(Body):
    email: Email


class Reset(Body):
    email: Email
    code: Secret
    password: Password


class Watched(Body):
    symbols: Annotated[list[Symbol], Field(max_length=1_000)]


class Refresh(Body):
    refresh_token: Secret


class ProfileChange(Body):
    """What is not named stays as it is."""

    model_config = ConfigDict(json_schema_extra=without_defaults)
    display_name: Name = ""
    language: Language = "en"
    time_zone: TimeZone = "UTC"


class UserChange(Body):
    """What is not named stays as it is; ``roles`` are all roles that the user then has."""

    model_config = ConfigDict(json_schema_extra=without_defaults)
    roles: Annotated[list[Role], Field(max_length=4)] = []
    blocked: bool = False


class Tokens(BaseModel):
    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"]
    expires_in: int


class Authenticator(BaseModel):
    """``uri`` is for the authenticator to scan; each recovery code is good once in the place of one of its codes."""

    secret: str
    uri: str
    recovery_codes: list[str]


class SecondFactor(BaseModel):
    enabled: bool
    confirmed_at: datetime | None
    recovery_codes_left: int


class Accepted(BaseModel):
    status: Literal["accepted"]


class Profile(BaseModel):
    id: str
    email: str
    display_name: str
    language: Language
    time_zone: str
    roles: list[Role]
    verified: bool
    blocked: bool
    created_at: datetime


class Users(BaseModel):
    items: list[Profile]
    next: str | None


class Session(BaseModel):
    """``last_used_at`` is the last log-in or refresh; ``user_agent`` is what the program called itself."""

    id: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    user_agent: str | None
    current: bool


class Sessions(BaseModel):
    items: list[Session]
    next: str | None


class Watchlist(BaseModel):
    """``updated_at`` is null where nothing was ever chosen."""

    symbols: list[str]
    updated_at: datetime | None


class Jwks(BaseModel):
    keys: list[dict[str, str]]


def profile_json(user: User) -> dict[str, Any]:
    """A user as he and the staff see him."""
    return {
        "id": user.id,
        "email": user.email,
        "display_name": user.display_name,
        "language": user.language,
        "time_zone": user.time_zone,
        "roles": ordered(user.roles),
        "verified": user.verified is not None,
        "blocked": user.blocked,
        "created_at": rfc3339(user.created),
    }


def session_json(current: str, used: Mapping[str, int], row: Any) -> dict[str, Any]:
    """A session as its user sees it; ``used`` says when those that were refreshed were so last."""
    return {
        "id": row.id,
        "created_at": rfc3339(row.created),
        "last_used_at": rfc3339(used.get(row.id, row.created)),
        "expires_at": rfc3339(row.expires),
        "user_agent": row.agent,
        "current": row.id == current,
    }


def watchlist_json(kept: Kept) -> dict[str, Any]:
    """A watchlist as its user sees it."""
    return {"symbols": kept.symbols, "updated_at": None if kept.changed is None else rfc3339(kept.changed)}
