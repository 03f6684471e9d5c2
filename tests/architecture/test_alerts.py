"""Every alert: of a metric that exists, proved firing and silent, with a page that says what to do."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.contracts.metrics import EXPORTERS, declared
from tests.architecture.test_docs import commands
from tests.architecture.tree import ROOT
from tradectl.alerts import promql
from tradectl.backup import metrics as backup

PROMETHEUS = ROOT / "compose" / "observability" / "prometheus"
RUNBOOKS = ROOT / "docs" / "runbooks"
FOREIGN = Path(__file__).parent / "foreign"
OWN = {metric.name for metric in declared(*EXPORTERS.values())}
HISTOGRAMS = frozenset(metric.name for metric in declared(*EXPORTERS.values()) if metric.kind == "histogram")
SCRAPE = {"up", "scrape_duration_seconds", "scrape_samples_scraped", "ALERTS"}
"""What Prometheus itself says of each target and alert."""
SEVERITIES = {"page", "ticket"}


def rules() -> Iterator[dict[str, Any]]:
    for file in sorted((PROMETHEUS / "rules").glob("*.yml")):
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]:
            yield from group["rules"]


ALERTS = [rule for rule in rules() if "alert" in rule]
RECORDED = {rule["record"] for rule in rules() if "record" in rule}
NAMES = sorted({rule["alert"] for rule in ALERTS})


def known() -> set[str]:
    """Metrics of the catalogue, of the backup's process, of programs that are not ours, and what rules record."""
    foreign = {
        line.split()[0] for file in FOREIGN.glob("*.txt") for line in file.read_text(encoding="utf-8").splitlines()
    }
    own_backup = {value for value in vars(backup).values() if isinstance(value, str) and value.startswith("tradectl_")}
    return OWN | foreign | own_backup | RECORDED | SCRAPE


def page(alert: str) -> Path:
    return RUNBOOKS / f"{re.sub(r'(?<!^)(?=[A-Z])', '-', alert).lower()}.md"


def key(rule: dict[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    return rule["alert"], tuple(sorted(rule["labels"].items()))


@cache
def proofs() -> list[tuple[str, list[dict[str, str]]]]:
    """Each look of the tests at an alert: the labels of those that fire then."""
    return [*looks()]


def looks() -> Iterator[tuple[str, list[dict[str, str]]]]:
    for file in sorted((PROMETHEUS / "tests").glob("*.yml")):
        for test in yaml.safe_load(file.read_text(encoding="utf-8"))["tests"]:
            for look in test["alert_rule_test"]:
                yield look["alertname"], [each["exp_labels"] for each in look.get("exp_alerts") or []]


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: "-".join((rule["alert"], *rule["labels"].values())))
def test_a_rule_is_proved_firing_and_silent(rule: dict[str, Any]) -> None:
    own = {label for each in ALERTS if each["alert"] == rule["alert"] for label in each["labels"]}
    looks = [firing for alert, firing in proofs() if alert == rule["alert"]]
    fires = [
        any({each: labels[each] for each in own & labels.keys()} == rule["labels"] for labels in firing)
        for firing in looks
    ]
    assert True in fires, "no test of it in compose/observability/prometheus/tests sees it fire"
    assert False in fires, "no test of it in compose/observability/prometheus/tests sees it silent"


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: "-".join((rule["alert"], *rule["labels"].values())))
def test_an_alert_says_how_grave_it_is_what_is_wrong_and_where_to_read_on(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in SEVERITIES
    summary = rule["annotations"]["summary"]
    assert len(summary.split()) > 3
    assert not summary.endswith(".")
    assert ROOT / rule["annotations"]["runbook_url"] == page(rule["alert"])


@pytest.mark.parametrize(
    "rule", [rule for rule in ALERTS if rule["labels"]["severity"] == "page"], ids=lambda rule: rule["alert"]
)
def test_a_page_that_looks_at_no_window_does_not_end_with_a_scrape_that_is_missed(rule: dict[str, Any]) -> None:
    assert "[" in rule["expr"] or "slo:" in rule["expr"] or rule.get("keep_firing_for") == "1m"


def test_no_two_rules_are_alike() -> None:
    keys = [key(rule) for rule in ALERTS]
    assert len(keys) == len(set(keys))


def test_every_metric_that_a_rule_reads_is_exported_by_somebody() -> None:
    named = {name for rule in rules() for name in promql.metrics(rule["expr"])}
    assert {name for name in named if promql.base(name, HISTOGRAMS) not in known()} == set()
    assert len(named) >= 50, "the expressions were not understood"


def test_every_alert_has_its_page_and_no_page_is_left_over() -> None:
    assert {page(alert) for alert in NAMES} == set(RUNBOOKS.glob("*.md"))


@pytest.mark.parametrize("alert", NAMES)
def test_a_page_says_what_it_means_what_to_look_at_and_what_to_do(alert: str) -> None:
    """That its commands parse is looked at in test_docs, for every page."""
    text = page(alert).read_text(encoding="utf-8")
    headings = re.findall(r"^#+ .*", text, re.MULTILINE)
    assert headings == [f"# {alert}", "## Look", "## Do"]
    severities = {rule["labels"]["severity"] for rule in ALERTS if rule["alert"] == alert}
    said = re.search(r"^\*\*(.*)\.\*\* \S", text, re.MULTILINE)
    assert said is not None
    assert set(said[1].split(" or ")) == severities
    assert list(commands(page(alert))), "it names no command"
