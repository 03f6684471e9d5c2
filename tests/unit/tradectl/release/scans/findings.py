"""Findings for tests."""

from tradectl.release.scans.finding import Finding, Scan, Severity


def finding(
    rule: str = "B602", path: str = "services/bad.py", *, scan: Scan = Scan.CODE, line: int = 3, subject: str = "run()"
) -> Finding:
    said = "what is wrong, and what to do"
    return Finding(scan=scan, rule=rule, path=path, line=line, severity=Severity.HIGH, said=said, subject=subject)
