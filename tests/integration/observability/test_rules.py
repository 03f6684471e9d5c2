"""What promtool and amtool say of rules, their tests and the generated configurations."""

import shutil
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.monitors import tool

OBSERVABILITY = ROOT / "compose" / "observability"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, so that nothing of a container's is left in the tree."""
    made = tmp_path_factory.mktemp("observability")
    shutil.copytree(OBSERVABILITY, made, dirs_exist_ok=True)
    return made


def test_every_rule_says_what_its_tests_expect(folder: Path) -> None:
    tests = sorted(f"tests/{file.name}" for file in (folder / "prometheus" / "tests").glob("*.yml"))
    code, said = tool("promtool", "test", "rules", *tests, folder=folder / "prometheus")
    assert code == 0, said
    assert said.count("SUCCESS") == len(tests)


def test_prometheus_takes_its_configuration_and_rules(folder: Path) -> None:
    code, said = tool("promtool", "check", "config", "prometheus.yml", folder=folder / "prometheus")
    assert code == 0, said
    assert "SUCCESS" in said


def test_alertmanager_takes_its_configuration_and_templates(folder: Path) -> None:
    code, said = tool("amtool", "check-config", "alertmanager.yml", folder=folder / "alertmanager")
    assert code == 0, said
    assert "2 receivers" in said
    assert "1 templates" in said


def test_who_is_told_what(folder: Path) -> None:
    for severity in ("page", "ticket"):
        asked = ("config", "routes", "test", "--config.file=alertmanager.yml", f"severity={severity}", "alertname=X")
        code, said = tool("amtool", *asked, folder=folder / "alertmanager")
        assert (code, severity in said.splitlines()) == (0, True), said  # a warning may come before it or behind
