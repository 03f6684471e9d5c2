"""What becomes of a run whose sandbox stops answering; sandboxes and scenarios are replaced."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tradectl.probes.http import UnreachableError
from tradectl.scenario import grounds
from tradectl.scenario import suite as module
from tradectl.scenario.load import load
from tradectl.scenario.suite import Suite, Wish, side_by_side
from tradectl.scenario.target import Target

TEXT = "scenario: Something that should be so.\nactors: {ann: {}}\nsteps: [{login: {}}]\n"


class Answering(Target):
    """A door that is there whenever it is asked."""

    def lost(self) -> str:
        return ""

    def sources(self) -> Any:
        return None


def gone(*_: object, **__: object) -> None:
    raise UnreachableError("GET http://part/page: timed out")


def well(*_: object, **__: object) -> Any:
    return type("Report", (), {"differences": []})


def ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, perform: Callable[..., Any], audit: Callable[..., Any]
) -> Suite:
    """A run of one scenario to its end."""
    file = tmp_path / "some.yaml"
    file.write_text(TEXT, encoding="utf-8")
    for name, stand_in in {"perform": perform, "audit": audit}.items():
        monkeypatch.setattr(module, name, stand_in)
    monkeypatch.setattr(grounds, "start", lambda *_: Answering("http://door"))
    monkeypatch.setattr(grounds, "remove", lambda _: None)
    made = Suite([load(file)], Wish(), lambda *_: None)
    made.run()
    return made


def test_an_audit_that_gets_no_answer_breaks_its_sandbox_and_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = ran(tmp_path, monkeypatch, well, gone)
    assert [(each.status, each.why) for each in done.audits] == [("broke", "GET http://part/page: timed out")]
    assert [job.outcome.status for job in done.jobs] == ["held"]


def test_a_scenario_that_gets_no_answer_is_broken_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = ran(tmp_path, monkeypatch, gone, well)
    assert [(each.status, each.why) for each in done.outcomes] == [("broke", "GET http://part/page: timed out")]
    assert done.audits == []


@pytest.mark.parametrize(
    ("backend", "processors", "expected"), [("embedded", 1, 4), ("compose", 2, 2), ("containers", 16, 4)]
)
def test_no_more_sandboxes_of_containers_run_side_by_side_than_there_are_processors(
    backend: str, processors: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    assert side_by_side(backend) == expected
