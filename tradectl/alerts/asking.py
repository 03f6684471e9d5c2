"""Alertmanager and Prometheus, asked: what fires, what is silenced, how rules are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.telemetry import ask

ALERTMANAGER = "alertmanager"
ALERTNAME = "alertname"


@dataclass(frozen=True)
class Alert:
    """``state`` is ``active``, ``silenced`` or ``inhibited``; ``since`` RFC 3339."""

    name: str
    severity: str
    state: str
    since: str
    summary: str
    runbook: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Silence:
    """``state`` is ``active``, ``pending`` or ``expired``."""

    id: str
    state: str
    matchers: Mapping[str, str]
    ends: str
    by: str
    reason: str


@dataclass(frozen=True)
class Rule:
    """``state`` is ``inactive``, ``pending`` or ``firing``; ``health`` is ``ok``, ``unknown`` or ``err``."""

    name: str
    group: str
    severity: str
    state: str
    health: str
    error: str
    summary: str
    runbook: str


def alerts(alertmanager: str) -> list[Alert]:
    """Those that fire, the gravest and oldest first; TradectlError when Alertmanager does not answer."""
    found = [read_alert(each) for each in ask(ALERTMANAGER, alertmanager, "/api/v2/alerts")]
    return sorted(found, key=lambda alert: (alert.severity != "page", alert.since, alert.name))


def silences(alertmanager: str) -> list[Silence]:
    """Those that are not over."""
    found = [_silence(each) for each in ask(ALERTMANAGER, alertmanager, "/api/v2/silences")]
    return sorted((each for each in found if each.state != "expired"), key=lambda silence: silence.ends)


def silence(alertmanager: str, labels: Mapping[str, str], seconds: float, *, by: str, reason: str) -> str:
    """Tell nobody of what has these labels for so many seconds; the silence's id."""
    now = datetime.now(UTC)
    body = {
        "matchers": [
            {"name": name, "value": value, "isRegex": False, "isEqual": True} for name, value in labels.items()
        ],
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(seconds=seconds)).isoformat(),
        "createdBy": by,
        "comment": reason,
    }
    return str(ask(ALERTMANAGER, alertmanager, "/api/v2/silences", method="POST", body=body)["silenceID"])


def speak(alertmanager: str, id: str) -> None:
    """End a silence before its time; TradectlError when there is none."""
    if ask(ALERTMANAGER, alertmanager, f"/api/v2/silence/{id}", method="DELETE", missing=id):
        raise TradectlError(f"there is no silence {id}", "`tradectl alerts silences` lists them", ExitCode.NOT_FOUND)


def rules(prometheus: str) -> list[Rule]:
    """Every alerting rule that Prometheus has, in its order; TradectlError when it does not answer."""
    document = ask("prometheus", prometheus, "/api/v1/rules", {"type": "alert"})
    return [_rule(group["name"], each) for group in document["data"]["groups"] for each in group["rules"]]


def matching(words: list[str]) -> Iterator[tuple[str, str]]:
    """Labels out of ``NAME`` or ``label=value`` words; TradectlError for what is neither."""
    for word in words:
        name, found, value = word.partition("=")
        if found and not (name.isidentifier() and value):
            hint = "an alert's name, or label=value: job=orders"
            raise TradectlError(f"{word!r} names no alert", hint, ExitCode.BAD_INPUT)
        yield (name, value) if found else (ALERTNAME, word)


def read_alert(found: Mapping[str, Any]) -> Alert:
    """One of those that Alertmanager lists."""
    labels, said, status = found["labels"], found["annotations"], found["status"]
    state = "silenced" if status["silencedBy"] else "inhibited" if status["inhibitedBy"] else "active"
    return Alert(
        name=labels[ALERTNAME],
        severity=labels.get("severity", ""),
        state=state,
        since=found["startsAt"],
        summary=said.get("summary", ""),
        runbook=said.get("runbook_url", ""),
        labels=labels,
    )


def _silence(found: Mapping[str, Any]) -> Silence:
    return Silence(
        id=found["id"],
        state=found["status"]["state"],
        matchers={each["name"]: each["value"] for each in found["matchers"]},
        ends=found["endsAt"],
        by=found["createdBy"],
        reason=found["comment"],
    )


def _rule(group: str, found: Mapping[str, Any]) -> Rule:
    said = found.get("annotations", {})
    return Rule(
        name=found["name"],
        group=group,
        severity=found.get("labels", {}).get("severity", ""),
        state=found["state"],
        health=found["health"],
        error=found.get("lastError", ""),
        summary=said.get("summary", ""),
        runbook=said.get("runbook_url", ""),
    )
