"""Steps in their order, with what they keep; actions are replaced by a list of what they were told."""

from pathlib import Path
from typing import Any

import pytest

from tradectl.scenario import runner as module
from tradectl.scenario.load import load
from tradectl.scenario.pace import Free
from tradectl.scenario.runner import Runner, StepFailed
from tradectl.scenario.stage import Stage
from tradectl.scenario.target import Target
from tradectl.stack.logs import Line
from tradectl.telemetry.acts import Acts
from tradectl.trader.failures import Failed

HEAD = "scenario: Something that should be so.\nactors: {ann: {enter: false}}\nsteps:\n"


def ran(tmp_path: Path, steps: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], Runner]:
    """What was called, path by path; a path with `no` fails."""
    file = tmp_path / "some.yaml"
    file.write_text(HEAD + steps, encoding="utf-8")
    loaded, called = load(file), list[Any]()

    def call(_: Stage, step: Any, within: float) -> dict[str, str]:
        called.append(step.target[1])
        if step.target[1] == "/no":
            raise Failed("it is not so")
        return {"path": step.target[1], "within": str(within)}

    monkeypatch.setattr(module, "ACTIONS", {"call": call})
    running = Runner(Stage(loaded.scenario, Target("http://door"), Free(), 1), "first")
    running.run(loaded.steps)
    return called, running


def test_what_a_step_keeps_is_there_for_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = """\
  - call: {get: /a}
    as: first
    save: {b: path}
    within: 3
  - call: {get: "/x${first.path}${b}/${first.within}"}
"""
    called, _ = ran(tmp_path, steps, monkeypatch)
    assert called == ["/a", "/x/a/a/3.0"]


def test_rounds_and_items_are_counted_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = """\
  - repeat:
      times: 2
      steps:
        - for_each: {in: [u, v], as: each, steps: [{call: {get: "/${round}${each}"}}]}
"""
    called, _ = ran(tmp_path, steps, monkeypatch)
    assert called == ["/1u", "/1v", "/2u", "/2v"]


def test_side_by_side_all_are_done_before_the_failure_of_one_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = "  - parallel: [{call: {get: /no}}, {call: {get: /b}}]\n  - call: {get: /c}\n"
    with pytest.raises(StepFailed, match="it is not so") as caught:
        ran(tmp_path, steps, monkeypatch)
    assert caught.value.where == f"{tmp_path / 'some.yaml'}:4"


def test_a_template_that_finds_nothing_fails_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = '  - call: {get: /a}\n    as: first\n  - call: {get: "/${first.nothing}"}\n'
    with pytest.raises(StepFailed, match="finds nothing") as caught:
        ran(tmp_path, steps, monkeypatch)
    assert caught.value.where.endswith(":6")


def test_a_step_is_a_span_that_says_where_it_stands_and_none_of_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Line] = []
    monkeypatch.setattr(module, "acts_of", lambda _: Acts(told.append))
    steps = """\
  - call: {post: /auth/login, body: {password: another password}}
  - note: it comes back
    call: {get: /a}
"""
    ran(tmp_path, steps, monkeypatch)
    assert [each["kind"] for each in told] == ["call", "it comes back"]
    assert [str(each["at"]).rpartition(":")[2] for each in told] == ["4", "5"]
    assert "another password" not in str(told)
