"""tradectl.backup.manifest"""

import msgspec
import pytest

from tradectl.backup.manifest import Manifest, Piece, check, decoded, encoded, sealed
from tradectl.errors import ExitCode, TradectlError

KEY, OTHER = bytes(32), bytes(range(32))
MADE = Manifest(
    id="20240808T071000Z-ab12",
    sandbox="default",
    backend="containers",
    taken=1_723_101_000_000_000,
    seconds=1.5,
    tradectl="1.0",
    schema={"orders": "0007"},
    settings={"seed": 1},
    pieces=[
        Piece(name="mysql.sql", size=10, sha256="ab", plain=100, rows={"orders.orders": 3}),
        Piece(name="keys", size=5, sha256="cd", plain=7),
    ],
    gtid="u:1-7",
)


def test_a_manifest_is_read_as_it_was_written() -> None:
    written = sealed(MADE, KEY)
    found = decoded(encoded(written), "backup")
    check(found, KEY)

    assert found == written
    assert (found.size, found.rows) == (15, {"mysql.sql:orders.orders": 3})


@pytest.mark.parametrize("change", [{"gtid": "u:1-8"}, {"pieces": MADE.pieces[:1]}, {"seal": "00"}])
def test_one_that_was_altered_is_found(change: dict[str, object]) -> None:
    with pytest.raises(TradectlError, match="manifest is not as it was written") as caught:
        check(msgspec.structs.replace(sealed(MADE, KEY), **change), KEY)

    assert caught.value.exit_code is ExitCode.STATE_UNUSABLE


def test_another_key_is_said_to_be_one() -> None:
    with pytest.raises(TradectlError, match="another key"):
        check(sealed(MADE, KEY), OTHER)


@pytest.mark.parametrize("document", [b"", b"{}", b"[1]", b"\xff", encoded(sealed(MADE, KEY))[:-20]])
def test_what_is_no_manifest_is_damage(document: bytes) -> None:
    with pytest.raises(TradectlError, match="cannot be read"):
        decoded(document, "backup 1")


def test_one_of_a_newer_form_says_so() -> None:
    with pytest.raises(TradectlError, match="has form 2, this tradectl knows 1"):
        decoded(encoded(msgspec.structs.replace(MADE, form=2)), "backup 1")
