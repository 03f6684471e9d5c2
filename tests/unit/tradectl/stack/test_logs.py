"""Log lines of several parts."""

import json
from pathlib import Path

import pytest

from tradectl.errors import TradectlError
from tradectl.stack.logs import Filter, merged, moment_since


def write(path: Path, *lines: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    orders = write(
        tmp_path / "orders.jsonl",
        {"time": "2026-01-01T00:00:01Z", "level": "info", "event": "first", "order_id": "o1"},
        {"time": "2026-01-01T00:00:03Z", "level": "error", "event": "third", "user_id": "u1"},
    )
    bff = write(
        tmp_path / "bff.jsonl", {"time": "2026-01-01T00:00:02Z", "level": "debug", "event": "second", "trace_id": "t1"}
    )
    return [orders, bff, tmp_path / "never_written.jsonl"]


def events(files: list[Path], wanted: Filter) -> list[str]:
    return [str(line["event"]) for line in merged(files, wanted)]


def test_lines_of_all_parts_are_merged_by_time(files: list[Path]) -> None:
    assert events(files, Filter()) == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("field", "value", "event"), [("order_id", "o1", "first"), ("trace_id", "t1", "second"), ("user_id", "u1", "third")]
)
def test_lines_are_filtered_by_what_they_are_about(files: list[Path], field: str, value: str, event: str) -> None:
    assert events(files, Filter({field: value})) == [event]


def test_a_level_admits_what_is_as_grave_or_graver(files: list[Path]) -> None:
    assert events(files, Filter(level="info")) == ["first", "third"]
    assert events(files, Filter(level="warning")) == ["third"]


def test_lines_that_threads_wrote_a_little_late_come_in_their_order(tmp_path: Path) -> None:
    times = [f"2026-01-01T00:00:{second:02}Z" for second in (1, 3, 2, 5, 4)]
    file = write(tmp_path / "orders.jsonl", *({"time": time, "event": time} for time in times))
    assert events([file], Filter()) == sorted(times)


def test_since_leaves_out_what_came_before(files: list[Path]) -> None:
    assert events(files, Filter(since="2026-01-01T00:00:02Z")) == ["second", "third"]


def test_a_line_cut_by_a_crash_is_left_out(files: list[Path]) -> None:
    with files[0].open("a", encoding="utf-8") as file:
        file.write('{"time": "2026-01-01T00:00:04')
    assert events(files, Filter()) == ["first", "second", "third"]


def test_what_was_rotated_comes_first(files: list[Path], tmp_path: Path) -> None:
    write(tmp_path / "bff.1.jsonl", {"time": "2026-01-01T00:00:00Z", "event": "old"})
    assert events(files, Filter()) == ["old", "first", "second", "third"]


def test_a_time_is_given_as_one_or_as_so_long_ago() -> None:
    assert moment_since("2024-08-08T07:10:00Z") == "2024-08-08T07:10:00.000000Z"
    assert moment_since("2h") < moment_since("10m") < moment_since("1s")


def test_anything_else_is_no_time() -> None:
    with pytest.raises(TradectlError, match="is no time"):
        moment_since("soon")
