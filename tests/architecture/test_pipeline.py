"""The pipeline is valid by GitLab's own schema, and each of its scripts is a command that there is."""

import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.core import TyperCommand, TyperGroup

from tests.architecture.tree import ROOT, program
from tradectl.cli.verbs import VERBS, load
from tradectl.release.scans.gitlab import documents
from tradectl.release.scans.report import Report

FILE = ROOT / ".gitlab-ci.yml"
TEXT = FILE.read_text(encoding="utf-8")
PIPELINE: dict[str, Any] = yaml.safe_load(TEXT)
WORDS = {"stages", "workflow", "variables", "default"}
JOBS: dict[str, dict[str, Any]] = {
    name: job for name, job in PIPELINE.items() if name not in WORDS and not name.startswith(".")
}
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
VARIABLES = set(re.findall(r"^([A-Z]+) \?=|\$\(([A-Z]+)\)", MAKEFILE, re.MULTILINE))
TOOL = ".venv/bin/tradectl"
SHELL = re.compile(r"[|;&<>`]|\$\(")
"""What would be logic."""


def lines(job: Mapping[str, Any]) -> Iterator[str]:
    for part in ("before_script", "script", "after_script"):
        yield from job.get(part, ())


def check(line: str) -> None:
    """Raises for what is no command that there is."""
    assert not SHELL.search(line), f"{line}: that is logic"
    words = shlex.split(line)
    if words[0] == "make":
        known = {name for pair in VARIABLES for name in pair if name}
        for word in words[1:]:
            name, sets, _ = word.partition("=")
            assert name in (known if sets else TARGETS), f"make {word}"
        return
    assert words[0] == TOOL, f"{line}: neither make nor tradectl"
    assert words[1] in VERBS, line
    parse(load(words[1]), words[2:])


def parse(command: TyperCommand | TyperGroup, words: list[str]) -> None:
    """Raises what a user would be told; a group is parsed down to the command itself."""
    if isinstance(command, TyperGroup):
        found = command.commands.get(words[0])
        assert isinstance(found, TyperCommand | TyperGroup), words
        parse(found, words[1:])
    else:
        command.make_context("tradectl", words)


def valid(file: Path) -> subprocess.CompletedProcess[str]:
    command = (program("check-jsonschema"), "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    return subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)


def test_it_is_valid_by_gitlabs_schema() -> None:
    done = valid(FILE)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("before", "after"),
    [("    policy: pull\n", "    policy: guess\n"), ("    when: always\n", "    when: sometimes\n")],
)
def test_a_pipeline_that_gitlab_would_refuse_is_refused(before: str, after: str, tmp_path: Path) -> None:
    file = tmp_path / "gitlab-ci.yml"
    file.write_text(TEXT.replace(before, after), encoding="utf-8")
    assert valid(file).returncode != 0


@pytest.mark.parametrize("name", JOBS)
def test_each_script_is_one_command_that_there_is(name: str) -> None:
    (line,) = JOBS[name]["script"]
    check(line)


def test_what_is_done_before_each_is_a_command_too() -> None:
    for part in ("default", *(name for name in PIPELINE if name.startswith("."))):
        for line in lines(PIPELINE[part]):
            check(line)


@pytest.mark.parametrize(
    "line",
    [
        "make nonsense",
        "make scan NONSENSE=1",
        "make scan && make test",
        "echo done",
        f"{TOOL} nonsense",
        f"{TOOL} release build $(git describe)",
    ],
)
def test_a_line_that_is_no_command_of_ours_is_noticed(line: str) -> None:
    with pytest.raises(AssertionError):
        check(line)


@pytest.mark.parametrize("line", [f"{TOOL} release build --nonsense", f"{TOOL} deploy promote 1.0.0 --to moon"])
def test_an_option_that_is_not_there_is_noticed(line: str) -> None:
    with pytest.raises(Exception, match=r"No such option|is not one of"):
        check(line)


def test_stages_are_in_their_order_and_each_is_used() -> None:
    stages = PIPELINE["stages"]
    assert stages == ["lint", "test", "scan", "build", "sign", "publish", "dev", "stage", "prod"]
    assert {job["stage"] for job in JOBS.values()} == set(stages)


def test_a_job_needs_others_that_are_before_it_and_nobody_starts_without_lint() -> None:
    order = PIPELINE["stages"].index
    for name, job in JOBS.items():
        needs = [each["job"] if isinstance(each, dict) else each for each in job.get("needs", [])]
        assert needs or name == "lint", name
        for other in needs:
            assert order(JOBS[other]["stage"]) <= order(job["stage"]), f"{name} needs {other}"


def test_nothing_is_built_before_tests_and_scans_are_through() -> None:
    assert set(JOBS["build"]["needs"]) == {"test", "coverage", "scan"}


def test_the_release_before_is_tried_beside_before_merging_and_before_a_tag_is_published() -> None:
    assert [rule["if"] for rule in JOBS["beside"]["rules"]] == [
        '$CI_PIPELINE_SOURCE == "merge_request_event"',
        "$CI_COMMIT_TAG",
    ]
    assert {"job": "beside", "optional": True} in JOBS["publish"]["needs"]


def test_one_deploys_at_a_time_an_environment_and_is_not_cut_off() -> None:
    deploying = {name: job for name, job in JOBS.items() if "tradectl deploy" in job["script"][0]}
    assert set(deploying) == {"dev", "stage", "prod", "prod-back"}
    for name, job in deploying.items():
        assert job["resource_group"] == job["environment"]["name"] == name.partition("-")[0]
        assert job["interruptible"] is False


def test_prod_waits_for_somebody() -> None:
    for name in ("prod", "prod-back"):
        (rule,) = JOBS[name]["rules"]
        assert (rule["if"], rule["when"]) == ("$CI_COMMIT_TAG", "manual")


def test_a_merge_request_gets_as_far_as_the_scans() -> None:
    everywhere = [name for name, job in JOBS.items() if "rules" not in job and not released(job)]
    assert everywhere == ["lint", "test", "coverage", "scan"]


def released(job: Mapping[str, Any]) -> bool:
    extends = job.get("extends", [])
    return bool({".released", ".tagged"} & set([extends] if isinstance(extends, str) else extends))


def test_the_reports_of_a_scan_are_those_that_it_writes() -> None:
    empty = Report(commit="", at="", scans=[], open=[], accepted=[])
    assert {Path(path).name for path in JOBS["scan"]["artifacts"]["reports"].values()} == set(documents(empty, ROOT))


def test_who_reviews_a_path_reviews_one_that_there_is() -> None:
    rows = (ROOT / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    paths = [row.split()[0] for row in rows if row.startswith("/")]
    assert paths
    assert [path for path in paths if not list(ROOT.glob(path.strip("/")))] == []
