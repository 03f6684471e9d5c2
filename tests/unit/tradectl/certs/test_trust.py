"""The system's store: commands by what the system has."""

from pathlib import Path

import pytest

from tradectl.certs.trust import DEBIAN, FEDORA, store_of
from tradectl.errors import TradectlError

FILE = Path("/home/ann/authority.pem")


def test_the_store_is_known_by_the_program_that_refreshes_it() -> None:
    assert store_of(lambda name: f"/usr/bin/{name}" if name == "update-ca-trust" else None) is FEDORA
    with pytest.raises(TradectlError) as told:
        store_of(lambda _: None)
    assert "--cacert" in told.value.hint


def test_what_is_added_is_taken_out_again() -> None:
    added, refreshed = DEBIAN.adding(FILE, "default")
    removed, again = DEBIAN.removing("default")
    assert added[-1] == removed[-1] == "/usr/local/share/ca-certificates/tradectl-default.crt"
    assert refreshed == again == ("update-ca-certificates",)
