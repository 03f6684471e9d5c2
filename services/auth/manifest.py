"""What auth is."""

from services.contracts.events import auth, market_data
from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="auth",
    title="Auth and users",
    entry="services.auth.app:run",
    calls=("market_data",),
    database=True,
    yields=True,
    seed="services.auth.store:seed",
    publishes=(
        auth.UserRegistered,
        auth.UserVerified,
        auth.ProfileChanged,
        auth.UserBlocked,
        auth.SessionsRevoked,
        auth.LoginLocked,
        auth.PasswordForgotten,
        auth.PasswordChanged,
        auth.SecondFactorChanged,
    ),
    consumes=(market_data.InstrumentListed, market_data.InstrumentChanged),
)
