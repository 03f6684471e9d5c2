"""What a report must not hold, and what it must."""

import pytest

from tradectl.export.masking import MASK, Masker, passwords_of_urls

TOKEN = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMWoiLCJleHAiOjF9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"GET / Authorization: Bearer {TOKEN}",
        "amqp://tradectl:p4ssw0rd@127.0.0.1:5672/vhost",
        "redis://:p4ssw0rd@127.0.0.1:6379/0",
        "Welcome, Ann!\nYour code is p4ssw0rd.",
        "Здравствуйте, Анна!\nВаш код: p4ssw0rd.",
        "8=FIX.4.4|35=A|553=me|554=p4ssw0rd|10=000|",
        "https://push.sandbox/push/p4ssw0rd-p4ssw0rd-p4ssw0rd",
        "-----BEGIN PRIVATE KEY-----\np4ssw0rd\n-----END PRIVATE KEY-----",
    ],
)
def test_a_secret_is_known_by_its_shape(text: str) -> None:
    masked = Masker().text(text)
    assert TOKEN not in masked
    assert "p4ssw0rd" not in masked
    assert MASK in masked


def test_a_secret_is_known_by_its_value_however_it_is_spelled() -> None:
    masker = Masker(["a b/c+d", 'quo"te!'])
    assert masker.text("a b/c+d a%20b%2Fc%2Bd") == f"{MASK} {MASK}"
    assert masker.text('{"x": "quo\\"te!"}') == f'{{"x": "{MASK}"}}'


def test_a_secret_is_known_by_its_field_at_any_depth_and_in_strings_of_json() -> None:
    document = {"rows": [{"refresh_token": "r", "code": "1234", "body": '{"new_password": "p"}'}]}
    masked = Masker().document(document)
    assert masked == {"rows": [{"refresh_token": MASK, "code": MASK, "body": f'{{"new_password": "{MASK}"}}'}]}


def test_what_is_no_secret_stays() -> None:
    line = {"event": "booked", "order_id": "01j4", "key": 7, "exit_code": 3, "tokens": 12, "none": None, "token": None}
    assert Masker(["short"]).document(line) == line
    assert Masker().text("8=FIX.4.4|11=01j4-1|54=1|10=000|") == "8=FIX.4.4|11=01j4-1|54=1|10=000|"


def test_of_urls_the_passwords_are_secret_and_the_addresses_are_not() -> None:
    urls = {"orders": {"database": "mysql+asyncmy://orders:p%40ss@127.0.0.1:1/orders", "cache": "memory://cache"}}
    assert set(passwords_of_urls(urls)) == {"p%40ss", "p@ss"}


def test_a_line_that_is_no_json_is_masked_all_the_same() -> None:
    assert Masker().line(f"token {TOKEN} and on") == f"token {MASK} and on"
