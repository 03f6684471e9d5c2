"""A mail as it goes over the wire."""

from email import message_from_bytes
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.gateway import mail

ROW = {
    "notification_id": "01j4s9aq4n3v8q2r5t7w9y1z3b",
    "channel": "mail",
    "address": "ann@example.org",
    "title": "Счёт открыт",
    "text": "Welcome, <b>Ann</b> & co!\nYour code is 1.",
}
SENDER = "no-reply@example.org"


def test_text_and_html_say_the_same_and_markup_is_escaped() -> None:
    message = mail(ROW, SENDER)
    text, html = message.iter_parts()
    assert text.get_content() == "Welcome, <b>Ann</b> & co!\n" + "Your code is 1.\n"
    assert "<p>Welcome, &lt;b&gt;Ann&lt;/b&gt; &amp; co!</p><p>Your code is 1.</p>" in html.get_content()


def test_its_id_is_made_of_notification_and_channel() -> None:
    assert mail(ROW, SENDER)["Message-ID"] == "<01j4s9aq4n3v8q2r5t7w9y1z3b.mail@example.org>"


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_a_title_is_one_header_whatever_it_holds(title: str) -> None:
    received = message_from_bytes(mail(ROW | {"title": title}, SENDER).as_bytes(policy=SMTP), policy=SMTP)
    assert set(received.keys()) == {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"}
    assert received["To"] == "ann@example.org"


@pytest.mark.parametrize("address", ["ann@example.org\nBcc: eve@example.org", "ann@example.org\r\n\r\nbody"])
def test_an_address_with_a_second_line_makes_no_mail(address: str) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        mail(ROW | {"address": address}, SENDER)
