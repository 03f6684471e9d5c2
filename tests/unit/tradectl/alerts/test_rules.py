"""Rules where one Prometheus watches several environments."""

import re
from collections.abc import Iterator

import pytest
import yaml

from tradectl.alerts.files import WRITTEN

SUMS = re.compile(r"\b(?:sum|max|min|avg|count)\s*(?:by\s*\(([^)]*)\))?\s*\(")
OF_WATCHERS = {"AlertsUndelivered", "RulesFail"}
"""What watches is one for all environments."""


def rules() -> Iterator[tuple[str, str]]:
    for file in sorted((WRITTEN / "prometheus/rules").glob("*.yml")):
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]:
            yield from ((each.get("alert") or each["record"], each["expr"]) for each in group["rules"])


@pytest.mark.parametrize(("name", "expression"), [each for each in rules() if each[0] not in OF_WATCHERS])
def test_a_rule_adds_no_two_environments_up(name: str, expression: str) -> None:
    kept = [by.split(",")[0] for by in SUMS.findall(expression)]
    assert set(kept) <= {"environment"}, name
