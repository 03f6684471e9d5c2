"""Our own code, by bandit."""

import json
from pathlib import Path
from typing import Any

from tradectl.release.scans.finding import Finding, Scan, Scanned, Severity
from tradectl.release.scans.scanner import scanned

PLACES = ("tradectl", "services", "sim", "scenarios")
"""What is in the image."""
LEAST = ("--severity-level", "medium")
"""Below it are hints such as "this starts a process"; ruff's own rules of the same kind look at those line by line."""


def code(root: Path) -> Scanned:
    """No comment in the code silences it: --ignore-nosec."""
    places = [each for each in PLACES if (root / each).is_dir()]
    said = scanned(
        "bandit", "--quiet", "--recursive", *places, *LEAST, "--ignore-nosec", "--format", "json", folder=root
    )
    report = json.loads(said)
    notes = [f"{each['filename']}: {each['reason']}" for each in report["errors"]]
    return Scanned([_finding(root, each) for each in report["results"]], notes)


def _finding(root: Path, each: dict[str, Any]) -> Finding:
    lines = (root / each["filename"]).read_text(encoding="utf-8").splitlines()
    return Finding(
        scan=Scan.CODE,
        rule=each["test_id"],
        path=each["filename"].removeprefix("./"),
        line=each["line_number"],
        severity=Severity(each["issue_severity"].lower()),
        said=each["issue_text"],
        subject=lines[each["line_number"] - 1].strip(),
    )
