"""Users, codes and tokens: what is a good one, who may change whom, and when somebody guesses."""

from services.auth.domain.users import (
    CODE_ALPHABET,
    ROLES,
    STAFF,
    Change,
    User,
    check_change,
    check_may_log_in,
    check_staff,
    code_digest,
    digest,
    new_code,
    new_refresh_token,
    normalised,
    ordered,
)

__all__ = [
    "CODE_ALPHABET",
    "ROLES",
    "STAFF",
    "Change",
    "User",
    "check_change",
    "check_may_log_in",
    "check_staff",
    "code_digest",
    "digest",
    "new_code",
    "new_refresh_token",
    "normalised",
    "ordered",
]
