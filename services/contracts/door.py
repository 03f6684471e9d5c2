"""The one door as both see it who stand there: the BFF, and the edge before it."""

PREFIX = "/api/v1"
SOCKET = "/ws"
"""Behind the prefix; the token comes in its first message."""
JWKS = "/.well-known/jwks.json"
"""Auth's path, and the BFF's behind the prefix."""
PUBLIC = (
    "POST /auth/register",
    "POST /auth/verify",
    "POST /auth/login",
    "POST /auth/refresh",
    "POST /auth/password/forgot",
    "POST /auth/password/reset",
    f"GET {JWKS}",
)
"""Routes of auth that need no token, behind the prefix."""
PAGES = ("/openapi.json", "/docs")
"""Pages that need none either, with and without the prefix."""
READY = "/ready"
"""Says with its status whether to send requests."""
ISSUER = "tradectl"
AUDIENCE = "platform"
TRADING = "tradectl.v1.Trading"
"""The service behind the gRPC door; its reads begin with Get."""
