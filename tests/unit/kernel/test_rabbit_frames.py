"""AMQP as bytes: what is written by hand reads as pamqp reads it, in whatever pieces it comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pamqp.base import Frame
from pamqp.commands import Basic, Queue
from pamqp.frame import marshal, unmarshal
from pamqp.header import ContentHeader

from services.kernel.broker.rabbit.frames import (
    AROUND,
    METHOD,
    PERSISTENT,
    SIGN_OF_LIFE,
    Frames,
    Letter,
    method_of,
    posted,
    properties_of,
    size_of,
    tag_of_confirm,
    tag_of_delivery,
)

MOST = 64
LETTERS = st.lists(
    st.builds(
        Letter,
        st.sampled_from(["orders", "", "dead_letters"]),
        st.sampled_from(["order_placed", "key"]),
        st.binary(max_size=4 * MOST),
        st.booleans(),
        st.just(PERSISTENT),
    ),
    max_size=5,
)


def payload(method: Frame) -> bytes:
    ((_, _, cut),) = Frames().feed(marshal(method, 1))
    return cut


@given(letters=LETTERS, pieces=st.lists(st.integers(1, 50), max_size=50))
def test_letters_are_cut_into_the_frames_that_they_were_written_as(letters: list[Letter], pieces: list[int]) -> None:
    stream, frames, cuts = posted(letters, 3, MOST), Frames(), []
    for size in [*pieces, len(stream)]:
        cuts += frames.feed(stream[:size])
        stream = stream[size:]
    again: list[Letter] = []
    for kind, channel, cut in cuts:
        assert channel == 3
        assert len(cut) <= MOST - AROUND
        if kind == METHOD:
            method = method_of(cut)
            assert isinstance(method, Basic.Publish)
            again.append(Letter(method.exchange, method.routing_key, b"", method.mandatory))
        elif kind == 2:
            assert size_of(cut) == len(letters[len(again) - 1].body)
            assert properties_of(cut).delivery_mode == 2
        else:
            again[-1] = again[-1]._replace(body=again[-1].body + cut)
    assert again == letters


def test_what_is_written_is_what_pamqp_would_have_written() -> None:
    written = posted([Letter("orders", "order_placed", b"{}", True)], 7, 4_096)
    consumed, channel, publish = unmarshal(written)
    assert (channel, publish.name) == (7, "Basic.Publish")
    _, _, header = unmarshal(written[consumed:])
    assert isinstance(header, ContentHeader)
    assert (header.body_size, header.properties.content_type, header.properties.delivery_mode) == (
        2,
        "application/json",
        2,
    )


@pytest.mark.parametrize("tag", [1, 255, 2**40])
def test_tags_are_found(tag: int) -> None:
    delivery = Basic.Deliver("a consumer", tag, redelivered=True, exchange="orders", routing_key="key")
    assert tag_of_delivery(payload(delivery)) == tag
    assert tag_of_confirm(payload(Basic.Ack(tag, multiple=True))) == (tag, True)
    assert tag_of_confirm(payload(Basic.Nack(tag, multiple=False, requeue=True))) == (tag, False)


def test_a_sign_of_life_is_a_frame_of_its_own() -> None:
    assert Frames().feed(SIGN_OF_LIFE * 2) == [(8, 0, b"")] * 2


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="no frame"):
        Frames().feed(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with pytest.raises(ValueError, match="no frame"):
        Frames().feed(SIGN_OF_LIFE[:-1] + b"\x00")
    with pytest.raises(ValueError, match="no method"):
        method_of(b"\x00\x01\x00\x01")
    with pytest.raises(ValueError, match="no method"):
        method_of(payload(Queue.DeclareOk("queue", 1, 2))[:8])
