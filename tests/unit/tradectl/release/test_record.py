import pytest

from tests.unit.tradectl.release import records
from tradectl.errors import TradectlError
from tradectl.release.record import Mark, Migration, Release, decoded, encoded, misses, stands_between


def release(*migrations: tuple[str, str, Mark]) -> Release:
    found = [Migration(service=service, revision=revision, mark=mark) for service, revision, mark in migrations]
    return records.release("1.2.3", *found)


FIRST: tuple[str, str, Mark] = ("orders", "0001_first", "expand")
OLD = release(FIRST)
WIDE = release(FIRST, ("orders", "0002_more", "expand"))
NARROW = release(FIRST, ("orders", "0002_more", "expand"), ("orders", "0003_less", "contract"))
LATE = release(
    FIRST,
    ("orders", "0002_more", "expand"),
    ("orders", "0003_less", "contract"),
    ("orders", "0004_again", "expand"),
    ("auth", "0002_else", "expand"),
)


def test_a_record_is_the_same_bytes_each_time_and_is_read_back() -> None:
    assert encoded(NARROW) == encoded(decoded(encoded(NARROW)))
    assert decoded(encoded(NARROW)) == NARROW


@pytest.mark.parametrize("text", [b"", b"{}", b'{"version": 1}', encoded(OLD).replace(b'"expand"', b'"shrink"')])
def test_what_is_no_release_is_refused(text: bytes) -> None:
    with pytest.raises(TradectlError, match="this is no release"):
        decoded(text)


def test_a_release_of_a_later_tool_is_refused() -> None:
    with pytest.raises(TradectlError, match="is of form 2") as refused:
        decoded(encoded(OLD).replace(b'"form": 1', b'"form": 2'))
    assert refused.value.hint == "update tradectl"


def test_one_goes_back_over_what_expanded_and_not_over_what_contracted() -> None:
    assert stands_between(WIDE, OLD) == []
    assert [each.revision for each in stands_between(NARROW, OLD)] == ["0003_less"]
    assert [each.revision for each in stands_between(LATE, WIDE)] == ["0003_less"]
    assert stands_between(OLD, NARROW) == []


def test_what_expands_behind_a_contract_needs_the_release_between() -> None:
    assert misses(NARROW, OLD) == []
    assert [(each.service, each.revision) for each in misses(LATE, OLD)] == [("orders", "0004_again")]
    assert misses(LATE, NARROW) == []


def test_an_address_names_a_digest() -> None:
    assert OLD.images["platform"].address == f"registry.example/platform@{records.DIGEST}"
