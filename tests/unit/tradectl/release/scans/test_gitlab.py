"""The fields that GitLab's schemas of reports (15.0.6) ask for; a report without them is thrown away whole."""

from pathlib import Path
from typing import Any

from tests.unit.tradectl.release.scans.findings import finding
from tradectl.release.scans import gitlab
from tradectl.release.scans.finding import Scan
from tradectl.release.scans.report import Report

FOUND = [
    finding(),
    finding("GitHub Token", "settings.py", scan=Scan.SECRETS),
    finding("PYSEC-1", "requirements/runtime.txt", scan=Scan.DEPENDENCIES, subject="pyyaml 5.3"),
    finding("DL3007", "Dockerfile", scan=Scan.DOCKERFILES),
]
REPORT = Report(commit="c" * 40, at="2026-11-30T12:00:00Z", scans=list(Scan), open=FOUND, accepted=[finding("B608")])
SECURITY = ("sast", "secret_detection", "dependency_scanning")


def documents(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/runtime.txt").write_text("pyyaml==5.3 \\\n    --hash=sha256:00\n", encoding="utf-8")
    return dict(gitlab.documents(REPORT, tmp_path))


def test_each_security_report_has_its_head(tmp_path: Path) -> None:
    found = documents(tmp_path)
    for kind in SECURITY:
        report = found[f"gl-{kind.replace('_', '-')}-report.json"]
        assert report["version"] == "15.0.6"
        scan = report["scan"]
        assert (scan["type"], scan["status"], scan["start_time"]) == (kind, "success", "2026-11-30T12:00:00")
        for who in ("analyzer", "scanner"):
            assert scan[who].keys() == {"id", "name", "version", "vendor"}


def test_each_finding_has_an_id_identifiers_and_a_place(tmp_path: Path) -> None:
    found = documents(tmp_path)
    every = [each for kind in SECURITY for each in found[f"gl-{kind.replace('_', '-')}-report.json"]["vulnerabilities"]]
    assert len(every) == len({each["id"] for each in every}) == len(FOUND)
    for each in every:
        assert each["severity"] in {"Info", "Unknown", "Low", "Medium", "High", "Critical"}
        assert each["identifiers"][0].keys() == {"type", "name", "value"}
        assert each["location"]["file"]


def test_a_secret_names_its_commit_and_a_package_its_version(tmp_path: Path) -> None:
    found = documents(tmp_path)
    (secret,) = found["gl-secret-detection-report.json"]["vulnerabilities"]
    assert secret["location"]["commit"] == {"sha": "c" * 40}
    report = found["gl-dependency-scanning-report.json"]
    (package,) = report["vulnerabilities"]
    assert package["location"]["dependency"] == {"package": {"name": "pyyaml"}, "version": "5.3"}
    (file,) = report["dependency_files"]
    assert file == {
        "path": "requirements/runtime.txt",
        "package_manager": "pip",
        "dependencies": [{"package": {"name": "pyyaml"}, "version": "5.3"}],
    }


def test_a_merge_request_shows_what_is_open_as_code_quality(tmp_path: Path) -> None:
    shown = documents(tmp_path)["gl-code-quality-report.json"]
    assert [each["fingerprint"] for each in shown] == [each.mark for each in FOUND]
    first = shown[0]
    assert first["location"] == {"path": "services/bad.py", "lines": {"begin": 3}}
    assert first.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
