"""What a snapshot may be called."""

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.snapshots.shelf import place


@pytest.mark.parametrize("name", ["a", "funded-2", "v1.2_final", "2024-08-08"])
def test_a_name_is_a_folder_below_that_of_the_sandbox(name: str) -> None:
    assert place("default", name).parts[-3:] == ("snapshots", "default", name)


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "../x", "a/b", "A", "ü", "a" * 64, "-f", "a b", "a\n"])
def test_a_name_that_could_lead_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(TradectlError, match="cannot name a snapshot") as refusal:
        place("default", name)
    assert refusal.value.exit_code is ExitCode.USAGE
