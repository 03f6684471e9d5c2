"""A request's body, read whole before the app sees any of it: bodies are small, and what is no good ends here."""

import msgspec

from services.contracts.errors import DomainError
from services.runtime.asgi import Message, Receive


class GoneError(ConnectionError):
    """The client left before it had sent the whole body."""


async def taken(receive: Receive, announced: int | None, limit: int) -> Receive:
    """A receive that gives the whole body at once; ``announced`` is the content-length, None when it was not said."""
    if announced is not None and announced > limit:
        raise too_large(limit)
    message = await receive()
    body: bytes = message.get("body", b"")
    while message["type"] == "http.request" and message.get("more_body") and len(body) <= limit:
        message = await receive()
        body += message.get("body", b"")
    if message["type"] != "http.request":
        raise GoneError
    if len(body) > limit:
        raise too_large(limit)
    refuse_lone_surrogates(body)
    whole: Message | None = {"type": "http.request", "body": body, "more_body": False}

    async def again() -> Message:
        nonlocal whole
        if whole is None:
            return await receive()
        first, whole = whole, None
        return first

    return again


def refuse_lone_surrogates(body: bytes) -> None:
    r"""Half of a UTF-16 pair (``\ud800``) is no Unicode: Python's parser lets it pass, a database does not."""
    if b"\\ud" not in body and b"\\uD" not in body:
        return
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DomainError("malformed_json", 400, "the body is not JSON, or holds half of a surrogate pair") from error


def too_large(limit: int) -> DomainError:
    """The refusal of a body over the limit."""
    return DomainError("too_large", 413, f"a body has at most {limit} bytes")
