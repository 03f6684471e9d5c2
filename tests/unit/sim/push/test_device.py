"""A browser reads what was encrypted for it as RFC 8291 shows (appendix A), and nothing else."""

import pytest

from sim.push.device import Device, UnreadableError, decoded, encoded

PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
DEVICE = Device(int.from_bytes(decoded(PRIVATE), "big"), decoded(SECRET))


def test_the_example_of_the_rfc_is_read() -> None:
    assert encoded(DEVICE.p256dh) == PUBLIC
    assert DEVICE.read(decoded(BODY)) == b"When I grow up, I want to be a watermelon"


def test_another_browser_reads_nothing() -> None:
    with pytest.raises(UnreadableError, match="not encrypted for this subscription"):
        Device.new().read(decoded(BODY))


@pytest.mark.parametrize("octet", [0, 15, 20, 21, 50, 85, 86, 100, 143])
def test_a_changed_octet_makes_it_unreadable(octet: int) -> None:
    body = bytearray(decoded(BODY))
    body[octet] ^= 0x55
    with pytest.raises(UnreadableError):
        DEVICE.read(bytes(body))


@pytest.mark.parametrize("length", [0, 1, 16, 20, 21, 86, 87, 102])
def test_what_is_too_short_is_unreadable(length: int) -> None:
    with pytest.raises(UnreadableError):
        DEVICE.read(decoded(BODY)[:length])


def test_browsers_have_keys_of_their_own() -> None:
    first, second = Device.new(), Device.new()
    assert first.p256dh != second.p256dh
    assert len(first.secret) == 16
