"""Where pushes may go, and which keys a browser may bring."""

import pytest

from services.notifications.domain.endpoints import decoded, encoded, is_allowed, is_public_key, is_secret, public_key

PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"


def test_an_endpoint_of_a_known_push_service_is_allowed() -> None:
    assert is_allowed("https://push.sandbox/push/Ab-_9")


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "push",
        "https://push.sandbox",
        "https://push.sandbox/",
        "http://push.sandbox/push/x",
        "ftp://push.sandbox/push/x",
        "https://push.sandbox:8443/push/x",
        "https://push.sandbox:0/push/x",
        "https://user@push.sandbox/push/x",
        "https://push.sandbox@127.0.0.1/push/x",
        "https://push.sandbox.example.org/push/x",
        "https://127.0.0.1/push/x",
        "https://localhost/push/x",
        "https://[::1]/push/x",
        "https://[push.sandbox/push/x",
        "https://169.254.169.254/latest/meta-data",
        "https://push.sandbox\\@127.0.0.1/push/x",
        "https://push.sandbox/push/../internal/faults",
        "https://push.sandbox/push/x?y=1",
        "https://push.sandbox/push/x#y",
        "https://push.sandbox/push/x\r\nHost: evil",
        "https://push.sandbox/push/x y",
        "https://push.sandbox/push/é",
        "https://pụsh.sandbox/push/x",
        "//push.sandbox/push/x",
    ],
)
def test_any_other_address_is_not(endpoint: str) -> None:
    assert not is_allowed(endpoint)


def test_a_browsers_key_is_an_uncompressed_point_of_the_curve() -> None:
    assert is_public_key(PUBLIC)
    assert is_public_key(f"{PUBLIC}=")
    compressed = encoded(b"\x02" + decoded(PUBLIC)[1:33])
    assert not any(is_public_key(text) for text in ("", "AAAA", "é", "!", compressed, PUBLIC[:-2], f"BB{PUBLIC[2:]}"))


def test_a_browsers_secret_has_sixteen_octets() -> None:
    assert is_secret("BTBZMqHH6r4Tts7J_aSIgg")
    assert is_secret("BTBZMqHH6r4Tts7J_aSIgg==")
    assert not any(is_secret(text) for text in ("", "BTBZMqHH6r4Tts7J_aSI", "BTBZMqHH6r4Tts7J/aSIgg", "BTBZ MqHH"))


def test_the_public_half_of_a_key_is_a_point() -> None:
    sender = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
    point = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
    assert public_key(sender) == point
