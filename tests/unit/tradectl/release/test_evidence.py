from pathlib import Path

import msgspec
import pytest

from tradectl.errors import TradectlError
from tradectl.release import evidence
from tradectl.release.evidence import Evidence, Kind

SEEN = Evidence(
    kind=Kind.LOAD, release="1.0.0", environment="dev", ok=True, at="2026-11-30T13:00:00+03:00", said="50/s"
)


def kept(folder: Path, seen: Evidence) -> Path:
    path = folder / f"{seen.name}.json"
    path.write_bytes(evidence.encoded(seen))
    return path


def test_its_name_says_what_where_and_when_in_utc() -> None:
    assert SEEN.name == "load-dev-20261130T100000Z"
    assert msgspec.structs.replace(SEEN, kind=Kind.SCANS, environment="").name == "scans-20261130T100000Z"


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    kept(tmp_path, SEEN)
    assert evidence.read(tmp_path, "1.0.0", None) == [SEEN]


def test_that_of_another_release_is_refused(tmp_path: Path) -> None:
    kept(tmp_path, SEEN)
    with pytest.raises(TradectlError, match=r"is of 1\.0\.0, not of 1\.1\.0"):
        evidence.read(tmp_path, "1.1.0", None)


def test_what_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "load.json").write_text('{"kind": "hope"}', encoding="utf-8")
    with pytest.raises(TradectlError, match=r"load\.json is no evidence"):
        evidence.read(tmp_path, "1.0.0", None)
