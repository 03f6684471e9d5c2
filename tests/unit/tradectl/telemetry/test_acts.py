"""What the tool does is told when it ends, and what is asked for meanwhile is a part of it."""

import json
import threading
from pathlib import Path

import pytest

from tradectl.stack.logs import Line
from tradectl.stack.state import Sandbox
from tradectl.telemetry.acts import UNTOLD, Acts, acts_of, context
from tradectl.telemetry.outgoing import outgoing
from tradectl.telemetry.spans import span_of


def test_a_request_bears_the_act_that_it_is_a_part_of() -> None:
    told: list[Line] = []
    with Acts(told.append).act("step", "buy AAPL at market"):
        header = context()["traceparent"]
        assert told == []
    (line,) = told
    assert header == f"00-{line['trace_id']}-{line['span_id']}-01"
    assert context() == {}


def test_an_act_is_a_span_that_is_called_by_what_was_done() -> None:
    told: list[Line] = []
    with Acts(told.append).act("step", "buy AAPL at market"):
        pass
    span = span_of(told[0])
    assert (span.service, span.name, span.parent) == ("tradectl", "step buy AAPL at market", "")


def test_an_act_that_fails_says_why() -> None:
    told: list[Line] = []
    with pytest.raises(ValueError, match="no"), Acts(told.append).act("step", "buy"):
        raise ValueError("no")
    (line,) = told
    assert (line["level"], line["error"]) == ("error", "no")


def test_of_a_sandbox_they_lie_beside_the_logs_of_its_parts(tmp_path: Path) -> None:
    place = Sandbox("mine", tmp_path)
    place.logs.mkdir()
    for kind in ("one", "two"):
        with acts_of(place).act("click", kind):
            pass
    lines = (place.logs / "tradectl.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["one", "two"]


def test_a_sandbox_that_is_gone_disturbs_nobody(tmp_path: Path) -> None:
    with acts_of(Sandbox("gone", tmp_path / "gone")).act("click", "one"):
        pass
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize(("endpoint", "threads"), [("", 0), ("http://127.0.0.1:9", 1)])
def test_elsewhere_one_thread_of_the_process_tells_them_where_the_environment_names_an_endpoint(
    endpoint: str, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    outgoing.cache_clear()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
    for _ in range(3):
        acts_of(None)
    assert [thread.name for thread in threading.enumerate()].count("outgoing") == threads
    outgoing.cache_clear()


def test_what_is_told_to_nobody_is_an_act_all_the_same() -> None:
    with UNTOLD.act("click", "one"):
        assert context()
