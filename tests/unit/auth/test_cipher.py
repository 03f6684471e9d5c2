"""services.auth.store.cipher"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.totp import new_secret
from services.auth.store.cipher import Cipher
from services.auth.store.tables import totp
from services.kernel.columns import Key

KEY = "a key of the sandbox"


@given(st.text(max_size=64))
def test_what_was_encrypted_is_read_as_it_was(secret: str) -> None:
    cipher = Cipher(KEY)
    assert Cipher(KEY).decrypt(cipher.encrypt(secret, "ann"), "ann") == secret


def test_it_says_nothing_of_the_secret_and_fits_its_column() -> None:
    cipher, secret = Cipher(KEY), new_secret()
    one, other = cipher.encrypt(secret, "ann"), cipher.encrypt(secret, "ann")
    assert one != other
    assert secret not in one
    column = totp.c.encrypted.type
    assert isinstance(column, Key)
    assert column.length is not None
    assert len(one) <= column.length


@given(st.data())
def test_a_bit_that_was_turned_is_found(data: st.DataObject) -> None:
    sealed = bytearray(urlsafe_b64decode(Cipher(KEY).encrypt("SECRET", "ann")))
    place = data.draw(st.integers(0, 8 * len(sealed) - 1))
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises(ValueError, match="does not open"):
        Cipher(KEY).decrypt(urlsafe_b64encode(sealed).decode(), "ann")


@pytest.mark.parametrize(("key", "owner"), [("another key", "ann"), (KEY, "bob")])
def test_another_key_or_owner_opens_nothing(key: str, owner: str) -> None:
    sealed = Cipher(KEY).encrypt("SECRET", "ann")
    with pytest.raises(ValueError, match=rf"a secret of {owner} does not open"):
        Cipher(key).decrypt(sealed, owner)


def test_without_a_key_auth_does_not_start() -> None:
    with pytest.raises(ValueError, match="option totp_key"):
        Cipher("")
