"""A message is read as its reader would see it, whatever was sent."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mail.content import content, message_id

NAMES = st.sampled_from(["To", "From", "Subject", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition"])
VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"multipart/mixed; boundary=x",
            b"text/html; charset=base64",
            b"text/plain; charset=utf-7",
            b"=?x?q?=?=",
            b"a@[",
        ]
    ),
)


def _sent() -> bytes:
    mail = EmailMessage()
    mail["From"] = "TradeCtl <no-reply@sandbox.test>"
    mail["To"] = "anna@example.com"
    mail["Subject"] = "Код подтверждения 123456"
    mail["Message-ID"] = "<n1.email@sandbox>"
    mail.set_content("Ваш код: 123456\n")
    mail.add_alternative("<p>Ваш код: <b>123456</b></p>", subtype="html")
    return bytes(mail)


def test_subject_text_and_html_are_decoded() -> None:
    seen = content(_sent())
    assert seen.subject == "Код подтверждения 123456"
    assert seen.sender == "TradeCtl <no-reply@sandbox.test>"
    assert seen.text == "Ваш код: 123456\n"
    assert seen.html is not None
    assert "<b>123456</b>" in seen.html


def test_headers_keep_their_order_and_repetitions() -> None:
    seen = content(b"X-Trace: a\r\nSubject: hi\r\nX-Trace: b\r\n\r\nbody")
    assert seen.headers == [("X-Trace", "a"), ("Subject", "hi"), ("X-Trace", "b")]


def test_a_folded_header_is_one_line() -> None:
    assert content(b"Subject: one\r\n two\r\n\r\n").subject == "one two"


def test_raw_utf8_in_a_header_is_read_as_utf8() -> None:
    assert content("Subject: Привет\r\n\r\n".encode()).subject == "Привет"


def test_an_attached_text_is_not_the_body() -> None:
    mail = EmailMessage()
    mail.set_content("<i>only html</i>", subtype="html")
    mail.add_attachment("a note", filename="note.txt")
    assert content(bytes(mail)).text is None


def test_the_message_id_is_read_without_the_rest() -> None:
    assert message_id(_sent()) == "<n1.email@sandbox>"


def test_a_message_without_an_id_has_none() -> None:
    assert message_id(b"Subject: hi\r\n\r\n") is None
    assert message_id(b"Message-ID:  \r\n\r\n") is None


@pytest.mark.parametrize("kind", [b"; *", b"text/plain; *", b"text/plain; charset*", b"text/plain; a*0*=x"])
def test_a_content_type_that_breaks_the_standard_librarys_parser_breaks_nothing_here(kind: bytes) -> None:
    seen = content(b"Subject: hi\r\nContent-Type: " + kind + b"\r\n\r\nbody")
    assert (seen.subject, len(seen.headers)) == ("hi", 2)


@given(st.lists(st.tuples(NAMES, VALUES)), st.binary(max_size=200))
def test_nothing_that_is_sent_breaks_the_reader(headers: list[tuple[str, bytes]], body: bytes) -> None:
    raw = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers) + b"\r\n" + body
    seen = content(raw)
    texts = [seen.subject, seen.sender, seen.text or "", seen.html or "", message_id(raw) or ""]
    assert all(text.encode() is not None for text in texts)
