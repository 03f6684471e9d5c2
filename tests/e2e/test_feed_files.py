"""A recording given by --feed, good and bad."""

import gzip
import itertools
from pathlib import Path

import pytest

from tests.e2e.tool import Tool
from tradectl.errors import ExitCode

SLICES = Path(__file__).parents[2] / "sim" / "feeds" / "data"


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    """The first thousand lines of the recording in the tree."""
    with gzip.open(next(SLICES.glob("*.gz"))) as file:
        return list(itertools.islice(file, 1_000))


def test_a_recording_is_replayed_as_the_crypto_pair(tool: Tool, tmp_path: Path, lines: list[bytes]) -> None:
    (tmp_path / "feed").write_bytes(b"".join(lines))
    tool.ok("up", "--quiet", "--feed", str(tmp_path / "feed"))
    assert "feed" in tool.ok("feed").out


@pytest.mark.parametrize("damage", ["cut off", "bad line", "no feed at all", "empty", "missing"])
def test_a_bad_recording_is_named_with_its_mend_and_nothing_is_left(
    tool: Tool, tmp_path: Path, lines: list[bytes], damage: str
) -> None:
    path = tmp_path / "damaged.gz"
    whole = gzip.compress(b"".join(lines))
    contents = {
        "cut off": whole[: len(whole) // 2],
        "bad line": gzip.compress(b"".join([*lines[:500], b"1723100000000000000 {broken\n", *lines[500:]])),
        "no feed at all": b"hello\n",
        "empty": b"",
    }
    if damage in contents:
        path.write_bytes(contents[damage])
    result = tool.run("up", "--feed", str(path))
    assert result.code == ExitCode.BAD_INPUT
    assert str(path) in result.err
    assert "mend" in result.err
    assert tool.leftovers() == []
    assert not tool.run("ps", "--all", "--json").json
    tool.ok("up", "--quiet")
