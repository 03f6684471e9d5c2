"""Telemetry of a run on real files: written by the recorder's hand, read through the seam."""

import json
import os
from pathlib import Path

import pytest

from services.contracts.times import from_rfc3339
from tests.unit.tradectl.telemetry.told import TRACE, line
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.metrics import Sample
from tradectl.stack.state import Sandbox
from tradectl.telemetry import runs
from tradectl.telemetry.choice import source_of
from tradectl.telemetry.recorded import Recorded
from tradectl.telemetry.recorder import Recorder, closed
from tradectl.telemetry.scrape import CPU, MEMORY, process
from tradectl.telemetry.store import Store
from tradectl.telemetry.tail import Tail

TEN = 10_000_000
DAY = 86_400.0


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    found = Sandbox("mine", tmp_path / "sandboxes" / "mine")
    found.logs.mkdir(parents=True)
    return found


def reports(count: float) -> Sample:
    return Sample("reports_total", {"kind": "new"}, count)


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    """A run with one trace, a line without any, and three looks."""
    store = Store(tmp_path / "run.db")
    store.add_lines([*TRACE, line("020.000", "orders", "sent", order_id="o1"), line("021.000", "venue", "started")])
    store.add_samples(TEN, {"orders": [Sample("reports_total", {"kind": "new"}, 1.0)]})
    store.add_samples(
        2 * TEN, {"orders": [Sample("reports_total", {"kind": "new"}, 1.0)], "bff": [Sample("n_total", {}, 4)]}
    )
    store.add_samples(3 * TEN, {"orders": [Sample("reports_total", {"kind": "new"}, 6.0)]})
    store.close()
    return Recorded(tmp_path / "run.db")


def test_a_trace_is_found_by_its_id_and_by_its_order(recorded: Recorded) -> None:
    assert [heading.id for heading in recorded.traces(5)] == ["a"]
    assert [heading.id for heading in recorded.traces(5, order="o1")] == ["a"]
    assert recorded.traces(5, order="another") == []


def test_spans_come_by_trace_or_by_order_and_by_their_begin(recorded: Recorded) -> None:
    assert recorded.spans(trace="a")[0].name == "POST /api/v1/orders"
    assert [span.name for span in recorded.spans(order="o1")] == [
        "POST /orders",
        "reserved",
        "sent",
        "order report fill",
    ]


def test_a_value_that_did_not_change_is_written_once_and_read_at_each_look(recorded: Recorded) -> None:
    (series,) = [each for each in recorded.series(0) if each.part == "orders"]
    assert series.points == [(TEN, 1.0), (2 * TEN, 1.0), (3 * TEN, 6.0)]


def test_what_is_asked_since_a_moment_begins_with_the_value_that_held_then(recorded: Recorded) -> None:
    (series,) = [each for each in recorded.series(2 * TEN) if each.part == "orders"]
    assert series.points == [(2 * TEN, 1.0), (3 * TEN, 6.0)]


def test_a_counter_that_came_later_had_counted_nothing_before(recorded: Recorded) -> None:
    (series,) = [each for each in recorded.series(0) if each.part == "bff"]
    assert series.points == [(TEN, 0.0), (2 * TEN, 4.0), (3 * TEN, 4.0)]


def test_a_file_that_is_none_is_an_error_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "run.db").write_text("no database", encoding="ascii")
    with pytest.raises(TradectlError, match="cannot be read") as caught:
        Recorded(tmp_path / "run.db").traces(1)
    assert caught.value.exit_code is ExitCode.STATE_UNUSABLE


def test_ten_runs_of_a_sandbox_are_kept_and_the_oldest_makes_way(sandbox: Sandbox) -> None:
    for day in range(12):
        Store(runs.begin(sandbox, day * DAY).path).close()
    kept = [run.id for run in runs.runs(sandbox)]
    assert (len(kept), kept[0], kept[-1]) == (10, "19700112T000000Z", "19700103T000000Z")


def test_the_newest_run_answers_unless_another_is_named(sandbox: Sandbox) -> None:
    for day in range(2):
        Store(runs.begin(sandbox, day * DAY).path).close()
    assert runs.run_of(sandbox).id == "19700102T000000Z"
    assert runs.run_of(sandbox, "19700101T000000Z").id == "19700101T000000Z"
    with pytest.raises(TradectlError, match="no run 2 of sandbox mine"):
        runs.run_of(sandbox, "2")


def test_a_sandbox_of_which_nothing_was_recorded_says_so(sandbox: Sandbox) -> None:
    with pytest.raises(TradectlError, match="nothing was recorded") as caught:
        source_of(sandbox)
    assert caught.value.exit_code is ExitCode.NOT_FOUND


def test_a_tail_takes_whole_lines_once_also_across_a_rotation(sandbox: Sandbox) -> None:
    log, tail = sandbox.logs / "orders.jsonl", Tail(sandbox.logs)
    log.write_text('{"n": 1}\n{"n": 2}\n{"n":', encoding="ascii")
    assert [each["n"] for each in tail.take()] == [1, 2]
    with log.open("a", encoding="ascii") as file:
        file.write(' 3}\n{"n": 4}\n')
    log.replace(log.with_suffix(".1.jsonl"))
    log.write_text('{"n": 5}\n', encoding="ascii")
    assert [each["n"] for each in tail.take()] == [3, 4, 5]
    assert tail.take() == []


def test_a_tail_that_is_late_leaves_out_the_oldest_and_says_how_much(sandbox: Sandbox) -> None:
    text = "".join(json.dumps({"n": number}) + "\n" for number in range(100))
    (sandbox.logs / "orders.jsonl").write_text(text, encoding="ascii")
    tail = Tail(sandbox.logs, most=100)
    assert [each["n"] for each in tail.take()][-1] == 99
    assert tail.left_out == len(text) - 100


def test_a_recorder_keeps_lines_of_its_own_run_alone_and_numbers_of_whoever_runs(sandbox: Sandbox) -> None:
    (sandbox.logs / "orders.jsonl").write_text("".join(json.dumps(each) + "\n" for each in TRACE), encoding="ascii")
    own = {"host": {"pid": os.getpid(), "state": "running"}}
    sandbox.children.write_text(json.dumps(own), encoding="ascii")
    run = runs.begin(sandbox)
    recorder = Recorder(sandbox, Store(run.path), "2024-08-08T07:10:00.013000Z", over=lambda: False)
    recorder.look()
    recorder.end()
    assert [span.name for span in Recorded(run.path).spans(trace="a")] == ["POST /api/v1/orders", "order report fill"]
    assert {(each.part, each.name) for each in Recorded(run.path).series(0)} == {("host", CPU), ("host", MEMORY)}


def test_a_process_that_is_gone_has_no_numbers() -> None:
    assert process(2**22 + 1) == []


def test_a_lifeline_is_closed_when_its_other_end_is() -> None:
    ours, theirs = os.pipe()
    assert not closed(ours, 0.0)
    os.close(theirs)
    assert closed(ours, 1.0)
    os.close(ours)


def test_times_of_lines_are_those_of_spans(recorded: Recorded) -> None:
    assert recorded.traces(1)[0].began == from_rfc3339("2024-08-08T07:10:00Z")
