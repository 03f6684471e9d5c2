"""Pinned packages with known vulnerabilities, by pip-audit; by a file of advisories where it cannot ask."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.scans import advisories
from tradectl.release.scans.finding import Finding, Scan, Scanned, Severity
from tradectl.release.scans.pins import Pin, files, pins
from tradectl.release.scans.scanner import scanned

OPTIONS = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json", "--timeout", "15")


def dependencies(root: Path) -> Scanned:
    """A package that its service does not know was not looked at: it is held against the file."""
    wanted = pins(root)
    asked = _asked(root)
    known = {(each["name"].lower(), each["version"]): each["vulns"] for each in asked if "vulns" in each}
    unknown = [each for each in wanted if (each.name.lower(), each.version) not in known]
    found = [each for pin in wanted for each in _service(pin, known.get((pin.name.lower(), pin.version), ()))]
    if not unknown:
        return Scanned(found)
    offline = advisories.read(root)
    found += [_finding(pin, each.id, each.said, each.fixed) for pin in unknown for each in offline.of(pin)]
    said = f"pip-audit's service did not answer for {len(unknown)} of {len(wanted)} pins"
    return Scanned(found, [f"{said}: they were held against {advisories.FILE}, which is of {offline.as_of}"])


def _asked(root: Path) -> Sequence[dict[str, Any]]:
    """What pip-audit has learned of each package; nothing where it cannot reach its service."""
    given = [option for each in files(root) for option in ("--requirement", str(each))]
    try:
        return list(json.loads(scanned("pip-audit", *OPTIONS, *given, folder=root))["dependencies"])
    except TradectlError as error:
        if error.exit_code is ExitCode.NOT_FOUND:
            raise
        return []
    except json.JSONDecodeError:
        return []


def _service(pin: Pin, vulnerabilities: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    for each in vulnerabilities:
        fixed = ", ".join(each["fix_versions"]) or "none yet"
        yield _finding(pin, each["id"], each.get("description", "").split("\n")[0][:200], fixed)


def _finding(pin: Pin, advisory: str, said: str, fixed: str) -> Finding:
    return Finding(
        scan=Scan.DEPENDENCIES,
        rule=advisory,
        path=pin.path,
        line=pin.line,
        severity=Severity.HIGH,
        said=f"{pin.name} {pin.version}: {said} (fixed in {fixed})",
        subject=f"{pin.key} {pin.version}",
    )
