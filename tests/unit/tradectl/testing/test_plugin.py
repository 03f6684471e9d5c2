"""What pytest finds of the plugin, and which tests are audited."""

import tomllib
from importlib import import_module
from types import SimpleNamespace
from typing import cast

import pytest

import tradectl.testing
from tests.architecture.tree import ROOT
from tradectl.testing.plugin import pytest_itemcollected


def collected(names: list[str], *, audit: bool) -> list[str]:
    """The fixtures of a test once it was collected."""
    config = SimpleNamespace(getini=lambda _: audit)
    pytest_itemcollected(cast(pytest.Item, SimpleNamespace(fixturenames=names, config=config)))
    return names


def test_where_the_project_wants_it_who_uses_the_sandbox_is_audited_once() -> None:
    assert collected(["trader", "sandbox"], audit=True) == ["trader", "sandbox", "audited"]
    assert collected(["audited", "sandbox"], audit=True) == ["audited", "sandbox"]
    assert collected(["tmp_path"], audit=True) == ["tmp_path"]
    assert collected(["trader", "sandbox"], audit=False) == ["trader", "sandbox"]


def test_pytest_finds_it_under_the_name_by_which_it_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = project["entry-points"]["pytest11"]
    assert points == {"tradectl.testing": "tradectl.testing"}
    assert import_module(points["tradectl.testing"]) is tradectl.testing


def test_the_types_of_fixtures_are_there_for_annotations() -> None:
    assert all(getattr(tradectl.testing, name).__name__ == name for name in tradectl.testing.HOMES)
    with pytest.raises(AttributeError, match="Clok"):
        tradectl.testing.__getattr__("Clok")
