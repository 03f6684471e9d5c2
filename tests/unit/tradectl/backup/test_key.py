"""tradectl.backup.key"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradectl.backup.key import parsed
from tradectl.errors import TradectlError


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_read_from_its_digits(key: bytes) -> None:
    assert parsed(f" {key.hex()}\n", "the file") == key
    assert parsed(key.hex().upper(), "the file") == key


@pytest.mark.parametrize("text", ["", "secret", "0" * 63, "0" * 65, "g" * 64, "0" * 32 + "\n" + "0" * 32])
def test_what_is_no_key_is_refused_without_a_letter_of_it(text: str) -> None:
    with pytest.raises(TradectlError, match="64 hexadecimal digits") as caught:
        parsed(text, "the file")

    assert not text or text not in f"{caught.value.message} {caught.value.hint}"
