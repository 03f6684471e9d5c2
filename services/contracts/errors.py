"""The one error a service raises on purpose; the kernel renders it as problem+json (RFC 9457)."""


class DomainError(Exception):
    """A refusal with a stable code, for example ``off_tick``, and the HTTP status that goes with it."""

    def __init__(self, code: str, status: int, detail: str = "", *, field: str | None = None) -> None:
        super().__init__(detail or code.replace("_", " "))
        self.code = code
        self.status = status
        self.detail = detail or code.replace("_", " ")
        self.field = field
