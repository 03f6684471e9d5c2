"""The mailbox keeps what it was given, once for each Message-ID, across restarts."""

from pathlib import Path

import pytest

from sim.mail.mailbox import Mailbox

RECEIVED = 1_723_100_000_000_000


def _raw(named: str | None, subject: str = "hi") -> bytes:
    head = f"Message-ID: <{named}>\r\n" if named else ""
    return f"{head}From: desk@sandbox.test\r\nSubject: {subject}\r\n\r\nbody\r\n".encode()


def _mailbox(path: Path) -> Mailbox:
    return Mailbox(path / "mail.db")


def test_a_redelivered_message_id_raises_the_count(tmp_path: Path) -> None:
    mailbox = _mailbox(tmp_path)
    first = mailbox.keep("a@x", ["b@x"], _raw("m1"), RECEIVED)
    assert mailbox.keep("a@x", ["b@x"], _raw("m1"), RECEIVED + 5) == first
    (message,) = mailbox.messages(None, 0, 10)
    assert (message.deliveries, message.received_at) == (2, "2024-08-08T06:53:20.000000Z")
    assert mailbox.count() == (1, 2)


def test_messages_without_an_id_are_kept_each(tmp_path: Path) -> None:
    mailbox = _mailbox(tmp_path)
    assert mailbox.keep("a@x", ["b@x"], _raw(None), RECEIVED) != mailbox.keep("a@x", ["b@x"], _raw(None), RECEIVED)


def test_messages_are_found_by_recipient_in_any_case(tmp_path: Path) -> None:
    mailbox = _mailbox(tmp_path)
    mailbox.keep("a@x", ["Anna@Example.com", "bob@example.com"], _raw("m1"), RECEIVED)
    mailbox.keep("a@x", ["bob@example.com"], _raw("m2"), RECEIVED)
    assert [message.message_id for message in mailbox.messages("anna@example.COM", 0, 10)] == ["<m1>"]
    assert [message.message_id for message in mailbox.messages("bob@example.com", 0, 10)] == ["<m1>", "<m2>"]


def test_since_and_limit_page_through_them(tmp_path: Path) -> None:
    mailbox = _mailbox(tmp_path)
    ids = [mailbox.keep("a@x", ["b@x"], _raw(f"m{number}"), RECEIVED) for number in range(3)]
    assert [message.id for message in mailbox.messages(None, 0, 2)] == ids[:2]
    assert [message.id for message in mailbox.messages(None, ids[1], 2)] == ids[2:]


def test_ids_rise_after_everything_was_forgotten(tmp_path: Path) -> None:
    mailbox = _mailbox(tmp_path)
    before = mailbox.keep("a@x", ["b@x"], _raw("m1"), RECEIVED)
    mailbox.clear()
    assert mailbox.messages(None, 0, 10) == []
    assert mailbox.keep("a@x", ["b@x"], _raw("m1"), RECEIVED) > before


def test_another_opening_of_the_file_finds_everything(tmp_path: Path) -> None:
    mailbox = _mailbox(tmp_path)
    number = mailbox.keep("a@x", ["b@x"], _raw("m1", "kept"), RECEIVED)
    mailbox.close()
    found = _mailbox(tmp_path).message(number)
    assert found is not None
    assert (found.subject, found.to, found.return_path) == ("kept", ["b@x"], "a@x")


def test_a_message_is_parsed_by_the_first_who_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = _mailbox(tmp_path)
    number = mailbox.keep("a@x", ["b@x"], _raw("m1", "Привет"), RECEIVED)
    first = mailbox.message(number)
    monkeypatch.delattr("sim.mail.mailbox.content")
    assert mailbox.message(number) == first
    mailbox.clear()
    assert mailbox.message(number) is None
