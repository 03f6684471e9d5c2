"""A push as it goes over the wire: the example of RFC 8291 (appendix A), octet by octet."""

from services.notifications.domain.endpoints import decoded, private_key
from services.notifications.gateway.encryption import encrypted

SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
TEXT = b"When I grow up, I want to be a watermelon"


def test_the_example_of_the_rfc_is_made_octet_by_octet() -> None:
    assert encrypted(TEXT, PUBLIC, SECRET, decoded(SALT), private_key(SENDER)) == decoded(BODY)


def test_the_same_text_looks_different_each_time() -> None:
    first, second = [encrypted(TEXT, PUBLIC, SECRET, decoded(SALT)) for _ in range(2)]
    assert first[:21] == second[:21]
    assert first[21:] != second[21:]
