"""The generated pages are those in the tree."""

import pytest

from tradectl.cli.reference import FOLDER, pages
from tradectl.errors import MEANINGS, ExitCode


@pytest.mark.parametrize("name", ["cli.md", "exit-codes.md", "events.md", "faults.md", "metrics.md"])
def test_the_page_is_current(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], "run `make docs`"


def test_every_exit_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(ExitCode)
