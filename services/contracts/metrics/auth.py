"""What auth exports."""

from services.contracts.metrics.metric import counter, gauge, histogram

LOG_INS = counter("auth_logins_total", "Attempts to log in; outcome `success` or the code of the refusal", "outcome")
REFRESHES = counter(
    "auth_refreshes_total", "Refresh tokens shown; outcome `success` or the code of the refusal", "outcome"
)
REGISTRATIONS = counter("auth_registrations_total", "Accounts asked for")
HASH_TIME = histogram("auth_password_hash_duration_seconds", "Argon2 of one password, its wait included")
HASH_WAITING = gauge(
    "auth_password_hash_pending_requests", "Passwords that wait for Argon2 or are in it; two at a time"
)
