"""Dockerfiles that Git knows, by hadolint."""

import json
from pathlib import Path

from tradectl.release.git import Repository
from tradectl.release.scans.finding import Finding, Scan, Scanned, Severity
from tradectl.release.scans.scanner import scanned

SEVERITIES = {"error": Severity.HIGH, "warning": Severity.MEDIUM}
"""Of its levels; what is below is taste."""


def dockerfiles(root: Path) -> Scanned:
    """No comment in a file silences it: --disable-ignore-pragma."""
    paths = Repository(root).run("ls-files", "*Dockerfile*").splitlines()
    if not paths:
        return Scanned([], ["there is no Dockerfile"])
    said = scanned("hadolint", "--no-fail", "--disable-ignore-pragma", "--format", "json", *paths, folder=root)
    return Scanned(
        [
            Finding(
                scan=Scan.DOCKERFILES,
                rule=each["code"],
                path=each["file"],
                line=each["line"],
                severity=SEVERITIES[each["level"]],
                said=each["message"],
                subject=(root / each["file"]).read_text(encoding="utf-8").splitlines()[each["line"] - 1].strip(),
            )
            for each in json.loads(said)
            if each["level"] in SEVERITIES
        ]
    )
