"""Secrets in files that Git knows, by detect-secrets."""

import json
from pathlib import Path

from tradectl.release.scans.finding import Finding, Scan, Scanned, Severity
from tradectl.release.scans.scanner import scanned

ALLOWED_IN_PLACE = "detect_secrets.filters.allowlist.is_line_allowlisted"
"""A comment that silences it has no end date."""


def secrets(root: Path) -> Scanned:
    """Nobody outside is asked whether one is good: --no-verify. The secret itself is in no report."""
    said = scanned("detect-secrets", "scan", "--no-verify", "--disable-filter", ALLOWED_IN_PLACE, folder=root)
    found = json.loads(said)["results"]
    return Scanned(
        [
            Finding(
                scan=Scan.SECRETS,
                rule=each["type"],
                path=path,
                line=each["line_number"],
                severity=Severity.HIGH,
                said=f"{each['type']}: take it out of the file, and give out another one",
                subject=each["hashed_secret"],
            )
            for path, those in found.items()
            for each in those
        ]
    )
