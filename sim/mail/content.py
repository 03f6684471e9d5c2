"""What a reader sees of a message: its headers, its text and its HTML; nothing that was sent may break this."""

from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import EmailPolicy, compat32
from typing import Any, cast

import msgspec


class Forgiving(EmailPolicy):
    """A header that breaks the standard library's parser, which raises anything, is what was sent."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        try:
            return super().header_fetch_parse(name, value)
        except Exception:  # noqa: BLE001
            return " ".join(value.split())


POLICY = Forgiving()
HEADERS = BytesHeaderParser(policy=compat32)


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """Decoded; ``headers`` in their order, ``text`` and ``html`` are None where there is no such part."""

    subject: str
    sender: str
    headers: list[tuple[str, str]]
    text: str | None
    html: str | None


def message_id(raw: bytes) -> str | None:
    """The Message-ID, read without parsing the rest (RFC 5322, section 3.6.4)."""
    found = HEADERS.parsebytes(raw).get("Message-ID")
    return str(found).strip() or None if found is not None else None


def content(raw: bytes) -> Content:
    """Parse a whole message."""
    message = cast("EmailMessage", message_from_bytes(raw, policy=POLICY))
    headers = [(name, _decoded(name, value)) for name, value in message.raw_items()]
    named = {name.lower(): value for name, value in reversed(headers)}
    return Content(
        subject=named.get("subject", ""),
        sender=named.get("from", ""),
        headers=headers,
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _decoded(name: str, value: str) -> str:
    return _unicode(" ".join(str(POLICY.header_fetch_parse(name, value)).split()))


def _part(message: EmailMessage, subtype: str) -> str | None:
    for part in message.walk():
        if part.get_content_type() == f"text/{subtype}" and part.get_content_disposition() != "attachment":
            return _text(part)
    return None


def _text(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        text = raw.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, UnicodeError):  # a charset that nobody knows, or one that is no text encoding
        text = raw.decode("utf-8", "replace")
    return _unicode(text).replace("\r\n", "\n")


def _unicode(text: str) -> str:
    """Bytes that the parser carries as lone surrogates are UTF-8 (RFC 6532); other lone surrogates are replaced."""
    try:
        encoded = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        encoded = text.encode("utf-8", "surrogatepass")
    return encoded.decode("utf-8", "replace")
