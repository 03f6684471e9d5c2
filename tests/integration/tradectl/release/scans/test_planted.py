"""Each scan finds a fault that was planted for it, by its real program; a comment beside the fault silences none."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import charts as helm
from tests.architecture.tree import ROOT
from tradectl.release.git import Repository
from tradectl.release.program import run
from tradectl.release.scans.advisories import FILE
from tradectl.release.scans.charts import held, rendered
from tradectl.release.scans.code import code
from tradectl.release.scans.dependencies import dependencies
from tradectl.release.scans.dockerfiles import dockerfiles
from tradectl.release.scans.finding import Finding
from tradectl.release.scans.secrets import secrets

KEY = "ghp_" + "a1B2c3D4e5" * 4
"""Of GitHub's form, and nobody's."""


@pytest.fixture
def checkout(tmp_path: Path) -> Repository:
    run("git", "init", "--quiet", str(tmp_path))
    return Repository(tmp_path)


def plant(checkout: Repository, name: str, text: str) -> None:
    path = checkout.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    checkout.run("add", "--force", name)


def rules(found: Sequence[Finding]) -> set[tuple[str, str, int]]:
    return {(each.rule, each.path, each.line) for each in found}


def test_code_that_runs_what_somebody_else_wrote_is_found(checkout: Repository) -> None:
    plant(checkout, "services/bad.py", "import subprocess\n\nsubprocess.run(input(), shell=True)  # nosec\n")
    plant(checkout, "services/good.py", "print(1)\n")
    found = code(checkout.path).findings
    assert rules(found) == {("B602", "services/bad.py", 3)}


def test_a_token_is_found_and_is_not_in_the_report(checkout: Repository) -> None:
    plant(checkout, "settings.py", f'HOME = "/"\nTOKEN = "{KEY}"  # pragma: allowlist secret\n')
    found = secrets(checkout.path).findings
    assert ("GitHub Token", "settings.py", 2) in rules(found)
    assert all(KEY not in each.said + each.subject for each in found)


def test_a_dockerfile_that_builds_something_else_tomorrow_is_found(checkout: Repository) -> None:
    plant(checkout, "images/Dockerfile.bad", "# hadolint ignore=DL3007\nFROM debian:latest\nUSER 10001\n")
    assert rules(dockerfiles(checkout.path).findings) == {("DL3007", "images/Dockerfile.bad", 2)}


def test_a_package_with_a_known_fault_is_found_whether_its_service_answers_or_not(checkout: Repository) -> None:
    (checkout.path / "security").mkdir()
    shutil.copy(ROOT / FILE, checkout.path / FILE)
    plant(checkout, "requirements/runtime.txt", f"pyyaml==5.3 \\\n    --hash=sha256:{'0' * 64}\n")
    found = dependencies(checkout.path).findings
    assert ("requirements/runtime.txt", "pyyaml 5.3") in {(each.path, each.subject) for each in found}


def test_what_could_not_be_asked_for_is_told(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    (checkout.path / "security").mkdir()
    shutil.copy(ROOT / FILE, checkout.path / FILE)
    plant(checkout, "requirements/runtime.txt", f"jinja2==2.10 \\\n    --hash=sha256:{'0' * 64}\n")
    done = dependencies(checkout.path)
    day = json.loads((ROOT / FILE).read_bytes())["as_of"]
    assert any(each.said.startswith("jinja2 2.10: ") for each in done.findings)
    assert done.notes == [
        f"pip-audit's service did not answer for 1 of 1 pins: they were held against {FILE}, which is of {day}"
    ]


@pytest.fixture
def folder(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The charts, to plant something in."""
    helm.need()
    monkeypatch.setenv("PATH", helm.LAB, prepend=os.pathsep)
    shutil.copytree(helm.FOLDER, checkout.path / "compose/kubernetes", symlinks=False)
    return checkout.path / "compose/kubernetes"


def spoil(folder: Path, before: str, after: str) -> None:
    """Change a line of the templates, in each place where it is."""
    changed = 0
    for path in folder.rglob("templates/*"):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if before in text:
            path.write_text(text.replace(before, after), encoding="utf-8")
            changed += 1
    assert changed, f"{before} is in no template any more"


def found_in(root: Path, schemas: Path | None = None) -> Sequence[Finding]:
    """Of one chart for one environment, which takes seconds."""
    return held(rendered(root, "data", "dev"), schemas).findings


def test_a_field_that_kubernetes_does_not_know_is_found(checkout: Repository, folder: Path) -> None:
    spoil(folder, "kind: Service\n", "kind: Service\nnonsense: true\n")
    said = [each.said for each in found_in(checkout.path)]
    assert any("nonsense" in each for each in said), said[:3]


def test_a_pod_that_may_gain_privileges_is_found(checkout: Repository, folder: Path) -> None:
    spoil(folder, "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true")
    found = found_in(checkout.path)
    assert {each.rule for each in found} >= {"pod-security"}
    assert any("may gain privileges" in each.said for each in found)


def test_kubeconform_takes_no_kind_that_it_has_no_schema_of(checkout: Repository, folder: Path) -> None:
    if shutil.which("kubeconform") is None:
        pytest.skip("kubeconform is not here: ../shared/lab/tools kubeconform")
    found = found_in(checkout.path, checkout.path)
    assert any("could not find schema" in each.said for each in found)


def test_a_chart_as_it_is_passes(folder: Path, checkout: Repository) -> None:
    assert [each.said for each in found_in(checkout.path)] == []


def test_git_itself_is_asked_what_a_file_is(checkout: Repository) -> None:
    (checkout.path / "Dockerfile").write_text("FROM debian:latest\n", encoding="utf-8")
    assert dockerfiles(checkout.path).findings == []
    subprocess.run(["git", "-C", str(checkout.path), "add", "."], check=True)
    assert dockerfiles(checkout.path).findings
