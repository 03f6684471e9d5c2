"""Steps that another package brings: found by their entry point, called with the actor, heard when they complain."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tradectl.scenario.actions.custom import custom
from tradectl.scenario.load import load
from tradectl.scenario.model.control import Custom
from tradectl.scenario.pace import Free
from tradectl.scenario.positions import WrongFiles
from tradectl.scenario.runner import Runner, StepFailed
from tradectl.scenario.stage import Stage
from tradectl.scenario.target import Target
from tradectl.trader.failures import Failed

MODULE = """\
def greets(person, word="hello", times=1):
    assert word != "rude", f"{person.name} is rude"
    return {"said": " ".join([word] * times), "by": person.trader.email}
"""
FILE = """\
scenario: A step of another package is done.
actors:
  ann: {enter: false, email: ann@example.org}
  bob: {enter: false, email: bob@example.org}
steps:
  - custom: {step: greets, actor: bob, with: {word: hi, times: 2}}
    as: greeting
  - custom: {step: greets, with: {word: "${greeting.said}"}}
    as: echo
  - custom: {step: greets, with: {word: rude}}
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one step, installed as far as Python's own look at entry points goes."""
    place = tmp_path / "site"
    info = place / "greeting_steps-1.0.dist-info"
    info.mkdir(parents=True)
    (place / "greeting_steps.py").write_text(MODULE, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: greeting-steps\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[tradectl.steps]\ngreets = greeting_steps:greets\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.delitem(sys.modules, "greeting_steps", raising=False)
    return place


def staged(tmp_path: Path, text: str = FILE) -> tuple[Stage, Any]:
    file = tmp_path / "greeting.yaml"
    file.write_text(text, encoding="utf-8")
    loaded = load(file)
    return Stage(loaded.scenario, Target("http://door"), Free(), 1), loaded


def test_it_is_called_with_its_actor_and_its_words_and_its_answer_is_kept(tmp_path: Path, package: Path) -> None:
    stage, loaded = staged(tmp_path)
    running = Runner(stage, "first")
    with pytest.raises(StepFailed, match="greets: ann is rude") as caught:
        running.run(loaded.steps)
    assert stage.values["greeting"] == {"said": "hi hi", "by": "bob@example.org"}
    assert stage.values["echo"] == {"said": "hi hi", "by": "ann@example.org"}
    assert caught.value.where.endswith(":10")


def test_what_it_asserts_and_what_it_raises_fails_its_step_alone(tmp_path: Path, package: Path) -> None:
    stage, _ = staged(tmp_path)
    with pytest.raises(Failed, match="greets: ann is rude"):
        custom(stage, Custom.model_validate({"step": "greets", "with": {"word": "rude"}}), 1.0)
    with pytest.raises(Failed, match=r"greets raised TypeError: .*volume"):
        custom(stage, Custom.model_validate({"step": "greets", "with": {"volume": 11}}), 1.0)


def test_a_step_that_no_package_has_is_told_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(
        WrongFiles, match=r":6:5: no package here has a step greets \(entry point group tradectl.steps\)"
    ):
        staged(tmp_path)
