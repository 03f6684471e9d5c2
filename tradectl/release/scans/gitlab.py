"""Findings in GitLab's own report formats, so that a merge request shows them; accepted ones are not in them."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tradectl.release.scans.finding import Finding, Scan, Severity
from tradectl.release.scans.pins import Pin, files, pins
from tradectl.release.scans.report import Report

VERSION = "15.0.6"
"""Of the formats' schema."""
SCANNERS = {
    Scan.CODE: "bandit",
    Scan.DEPENDENCIES: "pip-audit",
    Scan.SECRETS: "detect-secrets",
    Scan.DOCKERFILES: "hadolint",
    Scan.CHARTS: "kubeconform",
}
QUALITY = {
    Severity.LOW: "minor",
    Severity.MEDIUM: "major",
    Severity.HIGH: "critical",
    Severity.CRITICAL: "blocker",
}
Json = dict[str, Any]


def write(report: Report, root: Path, into: Path) -> list[Path]:
    """A file for each format, where GitLab looks for it by name."""
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for name, document in documents(report, root).items():
        path = into / name
        path.write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n")
        written.append(path)
    return written


def documents(report: Report, root: Path) -> Mapping[str, Any]:
    """By the file's name."""
    return {
        "gl-sast-report.json": _security(report, "sast", (Scan.CODE, Scan.DOCKERFILES, Scan.CHARTS), _place),
        "gl-secret-detection-report.json": _security(report, "secret_detection", (Scan.SECRETS,), _place_in(report)),
        "gl-dependency-scanning-report.json": {
            **_security(report, "dependency_scanning", (Scan.DEPENDENCIES,), _package),
            "dependency_files": [_file(path, root) for path in files(root)],
        },
        "gl-code-quality-report.json": [_quality(each) for each in report.open],
    }


def _security(report: Report, kind: str, scans: Sequence[Scan], place: Callable[[Finding], Json]) -> Json:
    tool = {"id": "tradectl", "name": "tradectl release scan", "version": VERSION, "vendor": {"name": "tradectl"}}
    end = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    head = {"analyzer": tool, "scanner": tool, "type": kind, "status": "success"}
    found = [each for each in report.open if each.scan in scans]
    return {
        "version": VERSION,
        "scan": {**head, "start_time": report.at.removesuffix("Z"), "end_time": end},
        "vulnerabilities": [_vulnerability(each, place) for each in found],
    }


def _vulnerability(finding: Finding, place: Callable[[Finding], Json]) -> Json:
    scanner = SCANNERS[finding.scan]
    return {
        "id": hashlib.sha256(f"{finding.mark}:{finding.line}".encode()).hexdigest(),
        "name": f"{finding.rule} in {finding.path}",
        "description": finding.said,
        "severity": finding.severity.value.capitalize(),
        "scanner": {"id": scanner, "name": scanner},
        "identifiers": [{"type": f"{scanner}_rule", "name": f"{scanner} {finding.rule}", "value": finding.rule}],
        "location": place(finding),
    }


def _place(finding: Finding) -> Json:
    return {"file": finding.path, "start_line": finding.line}


def _place_in(report: Report) -> Callable[[Finding], Json]:
    """A secret is known from the commit on that has it."""
    return lambda finding: {**_place(finding), "commit": {"sha": report.commit}}


def _package(finding: Finding) -> Json:
    name, _, version = finding.subject.partition(" ")
    return {"file": finding.path, "dependency": {"package": {"name": name}, "version": version}}


def _file(path: Path, root: Path) -> Json:
    name = str(path.relative_to(root))
    return {"path": name, "package_manager": "pip", "dependencies": _listed(pins(root), name)}


def _listed(found: Iterable[Pin], name: str) -> list[Json]:
    return [{"package": {"name": each.key}, "version": each.version} for each in found if each.path == name]


def _quality(finding: Finding) -> Json:
    return {
        "description": f"{finding.said} ({finding.mark})",
        "check_name": f"{SCANNERS[finding.scan]} {finding.rule}",
        "fingerprint": finding.mark,
        "severity": QUALITY[finding.severity],
        "location": {"path": finding.path, "lines": {"begin": finding.line}},
    }
