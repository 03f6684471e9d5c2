"""The RFC's own vectors, and what a code is good for."""

from base64 import b32encode
from urllib.parse import parse_qs, urlsplit

import pytest

from services.auth.domain import code_digest
from services.auth.domain.totp import (
    PERIOD,
    SecondFactor,
    code_at,
    new_recovery_codes,
    new_secret,
    uri,
)
from services.contracts.clock import SECOND

SECRET = b32encode(b"12345678901234567890").decode()
NOW = 1_700_000_010 * SECOND
STEP = NOW // PERIOD
FACTOR = SecondFactor(user_id="ann", secret=SECRET, created=1, confirmed=2, recovery=(code_digest("7K3QF-9M2XA"),))


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert code_at(SECRET, seconds * SECOND // PERIOD, digits=8) == code
    assert code_at(SECRET, seconds * SECOND // PERIOD) == code[2:]


RFC_4226 = "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"


@pytest.mark.parametrize(("counter", "code"), list(enumerate(RFC_4226)))
def test_codes_are_those_of_rfc_4226(counter: int, code: str) -> None:
    assert code_at(SECRET, counter) == code


@pytest.mark.parametrize(("away", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(away: int, good: bool) -> None:
    assert (FACTOR.after(code_at(SECRET, STEP + away), NOW) is not None) == good


def test_a_code_is_used_once_and_so_is_every_one_before_it() -> None:
    used = FACTOR.after(code_at(SECRET, STEP), NOW)
    assert used is not None
    assert used.after(code_at(SECRET, STEP), NOW) is None
    assert used.after(code_at(SECRET, STEP - 1), NOW) is None
    assert used.after(code_at(SECRET, STEP + 1), NOW) is not None


def test_a_code_may_be_typed_in_two_groups() -> None:
    code = code_at(SECRET, STEP)
    assert FACTOR.after(f"{code[:3]} {code[3:]}", NOW) is not None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "٠٠٠٠٠٠", "000000000000", "abcdef"])
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert FACTOR.after(code, NOW) is None


def test_a_recovery_code_is_used_once() -> None:
    used = FACTOR.after("7k3qf 9m2xa", NOW)
    assert used is not None
    assert (used.recovery, used.step) == ((), FACTOR.step)
    assert used.after("7K3QF-9M2XA", NOW) is None


def test_a_recovery_code_confirms_no_authenticator() -> None:
    unconfirmed = SecondFactor(user_id="ann", secret=SECRET, created=1, recovery=FACTOR.recovery)
    assert unconfirmed.after("7K3QF-9M2XA", NOW) is None


def test_secrets_and_recovery_codes_are_all_different() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
    assert len(new_secret()) == 32
    assert len(set(new_recovery_codes())) == 10


def test_the_uri_is_what_authenticators_read() -> None:
    read = urlsplit(uri(SECRET, "ann+1@example.org"))
    assert (read.scheme, read.netloc, read.path) == ("otpauth", "totp", "/tradectl%3Aann%2B1%40example.org")
    assert parse_qs(read.query)["secret"] == [SECRET]
