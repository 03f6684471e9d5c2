import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradectl.errors import TradectlError
from tradectl.release.version import Version

NUMBERS = st.integers(0, 99)
VERSIONS = st.builds(Version, NUMBERS, NUMBERS, NUMBERS, st.sampled_from(["", "rc.1", "rc.2", "rc.10", "dev.3.gabc"]))


@given(VERSIONS)
def test_a_version_is_read_as_it_was_written(version: Version) -> None:
    assert Version.parse(str(version)) == version == Version.parse(f"v{version}")


@pytest.mark.parametrize("text", ["", "1", "1.2", "1.2.3.4", "latest", "v1.2.x"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(TradectlError, match="is no version"):
        Version.parse(text)


def test_versions_are_ordered_as_semantic_versioning_says() -> None:
    said = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.0.1-dev.1.gabc", "1.0.1", "1.10.0"]
    assert sorted([*said[::2], *said[1::2]], key=Version.parse) == said


@given(VERSIONS, VERSIONS)
def test_of_two_versions_one_comes_first(one: Version, other: Version) -> None:
    assert (one < other) + (other < one) + (one == other) == 1
