"""Frames of AMQP."""

from tradectl.probes import amqp


def test_a_frame_says_its_channel_its_length_and_its_end() -> None:
    sent = amqp.frame(1, amqp.CHANNEL_OPEN, amqp.short(""))
    assert sent == b"\x01\x00\x01\x00\x00\x00\x05\x00\x14\x00\x0a\x00\xce"


def test_texts_are_behind_their_length_in_bytes() -> None:
    assert amqp.short("é") == b"\x02\xc3\xa9"
    assert amqp.long("é") == b"\x00\x00\x00\x02\xc3\xa9"


def test_a_refusal_is_in_rabbitmqs_own_words() -> None:
    said = b"\x01\x90" + amqp.short("NOT_ALLOWED") + bytes(4)
    assert str(amqp.refused(said)) == "NOT_ALLOWED"
