import pytest
import simplefix
from hypothesis import given
from hypothesis import strategies as st

from services.fix.codec import DATA_LENGTHS, Framer, GarbledMessageError, checksum, decode, encode

TEXTS = st.binary(min_size=1, max_size=40).filter(lambda value: b"\x01" not in value)
TAGS = st.integers(11, 956).filter(lambda tag: tag not in DATA_LENGTHS and tag != 35)
BODIES = st.lists(st.tuples(TAGS, TEXTS), max_size=12)
HEARTBEAT = encode([(35, "0"), (34, 2), (49, "TW44"), (56, "ISLD")])
ORDER = encode([(35, "D"), (34, 3), (49, "TW44"), (56, "ISLD"), (11, "A-1"), (58, "8=FIX.4.4 is no header here")])


def garbled(frame: bytes) -> bool:
    try:
        decode(frame)
    except GarbledMessageError:
        return True
    return False


@given(BODIES)
def test_what_is_encoded_is_decoded_to_the_same_fields(body: list[tuple[int, bytes]]) -> None:
    fields = [(35, b"D"), *body]
    assert decode(encode(fields)).fields[2:-1] == fields


@given(BODIES)
def test_the_bytes_are_those_of_another_codec(body: list[tuple[int, bytes]]) -> None:
    other = simplefix.FixMessage()
    for tag, value in [(8, b"FIX.4.4"), (35, b"D"), *body]:
        other.append_pair(tag, value)
    assert encode([(35, b"D"), *body]) == other.encode()


@given(st.binary(max_size=2000))
def test_the_checksum_is_the_sum_of_all_bytes(data: bytes) -> None:
    assert checksum(data) == sum(data) % 256


def test_values_may_be_bytes_text_or_integers() -> None:
    assert encode([(35, "D"), (34, 7), (58, "Größe"), (11, b"A")]) == encode(
        [(35, b"D"), (34, b"7"), (58, "Größe".encode()), (11, b"A")]
    )


def test_tags_beyond_the_standard_are_written_and_read() -> None:
    assert decode(encode([(35, "D"), (9001, "x")])).fields[3] == (9001, b"x")


@given(BODIES, st.data())
def test_one_changed_byte_is_noticed(body: list[tuple[int, bytes]], data: st.DataObject) -> None:
    frame = bytearray(encode([(35, b"D"), *body]))
    at = data.draw(st.integers(0, len(frame) - 1))
    frame[at] = (frame[at] + data.draw(st.integers(1, 255))) % 256
    assert garbled(bytes(frame))


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"8=FIX.4.4\x019=5\x0135=0\x0110=161",
        b"9=5\x018=FIX.4.4\x0135=0\x0110=161\x01",
        b"8=FIX.4.4\x019=5\x0134=1\x0110=162\x01",
        b"8=FIX.4.4\x019=x\x0135=0\x0110=170\x01",
    ],
)
def test_a_frame_that_does_not_begin_or_end_as_it_must_is_garbled(frame: bytes) -> None:
    assert garbled(frame)


@pytest.mark.parametrize("field", [b"no tag", b"4garbled9=TW", b"49garbled=TW", b"=x", b"1_0=x", b" 10=x", b"+11=x"])
def test_a_field_without_a_number_before_its_equals_sign_makes_the_message_garbled(field: bytes) -> None:
    body = b"35=0\x01" + field + b"\x01"
    frame = b"8=FIX.4.4\x019=%d\x01%b" % (len(body), body)
    assert garbled(frame + b"10=%03d\x01" % (sum(frame) % 256))


def test_tags_out_of_range_are_read_for_the_reject_that_names_them() -> None:
    assert decode(encode([(35, "0"), (-1, "HI"), (0, "HO")])).fields[3:5] == [(-1, b"HI"), (0, b"HO")]


def test_a_data_field_may_hold_the_delimiter() -> None:
    fields = [(35, b"B"), (95, b"7"), (96, b"a\x0110=\x01b"), (58, b"x")]
    assert decode(encode(fields)).fields[2:-1] == fields


def test_a_length_that_no_data_field_follows_announces_nothing() -> None:
    fields = [(35, b"B"), (95, b"7"), (58, b"short"), (95, b"99"), (96, b"too short")]
    assert decode(encode(fields)).fields[2:-1] == fields


def test_fields_can_be_looked_up_by_tag() -> None:
    message = decode(encode([(35, "D"), (34, 7), (43, "Y"), (97, "N"), (55, "A"), (55, "B"), (58, "Größe")]))
    assert (message.msg_type, message.seq, message.get(55), message.text(58)) == ("D", 7, b"A", "Größe")
    assert (message.flag(43), message.poss_resend, message.number(34), message.number(55)) == (True, False, 7, None)
    assert message.get(44) is None
    assert message.text(44) is None
    assert "35=D|34=7" in repr(message)


@pytest.mark.parametrize("cut", range(1, len(HEARTBEAT + ORDER)))
def test_a_stream_cut_anywhere_yields_the_same_frames(cut: int) -> None:
    stream, framer = HEARTBEAT + ORDER, Framer()
    assert framer.feed(stream[:cut]) + framer.feed(stream[cut:]) == [HEARTBEAT, ORDER]
    assert framer.skipped == 0


def test_a_stream_that_comes_byte_by_byte_yields_the_same_frames() -> None:
    framer, stream = Framer(), b"x" + HEARTBEAT + b"\r\n" + ORDER
    frames = [frame for at in range(len(stream)) for frame in framer.feed(stream[at : at + 1])]
    assert frames == [HEARTBEAT, ORDER]
    assert framer.skipped == 3


NOISE = st.binary(max_size=60).filter(lambda noise: b"8=FIX" not in noise)


@given(st.lists(st.tuples(NOISE, BODIES), min_size=1, max_size=4), st.integers(1, 40))
def test_noise_between_messages_is_skipped(parts: list[tuple[bytes, list[tuple[int, bytes]]]], size: int) -> None:
    frames = [encode([(35, b"D"), *body]) for _, body in parts]
    stream = b"".join(noise + frame for (noise, _), frame in zip(parts, frames, strict=True))
    framer, found = Framer(), list[bytes]()
    for at in range(0, len(stream), size):
        found += framer.feed(stream[at : at + size])
    assert found == frames


@given(st.binary(max_size=300), st.integers(1, 50))
def test_no_bytes_can_break_the_framer(noise: bytes, size: int) -> None:
    framer = Framer()
    for at in range(0, len(noise), size):
        for frame in framer.feed(noise[at : at + size]):
            assert frame in noise
            garbled(frame)


@pytest.mark.parametrize(
    "start", [b"8=FIX.4.4\x0135=0\x01", b"8=FIX.4.4\x019=many\x01", b"8=FIX.4.4\x019=9999999\x01", b"8=FIX.4.4" * 9]
)
def test_a_false_header_does_not_take_the_message_after_it_along(start: bytes) -> None:
    assert Framer().feed(start + HEARTBEAT) == [HEARTBEAT]


def test_a_length_too_short_costs_its_own_message_only() -> None:
    short = HEARTBEAT.replace(b"9=2", b"9=1", 1)
    frames = Framer().feed(short + ORDER)
    assert frames == [short, ORDER]
    assert garbled(short)


def test_a_length_too_long_takes_the_next_message_with_it() -> None:
    long = HEARTBEAT.replace(b"9=2", b"9=4", 1)
    frames = Framer().feed(long + ORDER + HEARTBEAT)
    assert frames == [long + ORDER, HEARTBEAT]
    assert garbled(frames[0])


def test_a_checksum_that_never_comes_is_not_waited_for_without_end() -> None:
    framer = Framer()
    assert framer.feed(b"8=FIX.4.4\x019=5\x0135=0\x01") == []
    assert framer.feed(b"x" * 70_000) == []
    assert framer.feed(HEARTBEAT) == [HEARTBEAT]
