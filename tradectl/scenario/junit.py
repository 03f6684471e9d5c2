"""The report for build servers: JUnit's XML."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from tradectl.scenario.outcome import Outcome
from tradectl.scenario.report import printable, told


def write(path: Path, outcomes: Sequence[Outcome], seconds: float) -> None:
    """A suite a group, a case a run."""
    root = ET.Element("testsuites", {"name": "tradectl scenario", "time": f"{seconds:.3f}", **counts(outcomes)})
    groups = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.name.rpartition("/")[0] or outcome.name].append(outcome)
    for group, members in groups.items():
        took = f"{sum(each.seconds for each in members):.3f}"
        suite = ET.SubElement(root, "testsuite", {"name": group, "time": took, **counts(members)})
        for outcome in members:
            _case(suite, outcome)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def counts(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """How many there are, and of which kind."""
    of = [str(outcome.status) for outcome in outcomes]
    kinds = {"failures": "failed", "errors": "broke", "skipped": "skipped"}
    return {"tests": str(len(of)), **{name: str(of.count(kind)) for name, kind in kinds.items()}}


def _case(suite: ET.Element, outcome: Outcome) -> None:
    name = outcome.intent if outcome.round == 1 else f"{outcome.intent} (round {outcome.round})"
    case = ET.SubElement(
        suite,
        "testcase",
        classname=outcome.name,
        name=printable(name),
        time=f"{outcome.seconds:.3f}",
        file=outcome.file,
    )
    if outcome.status == "skipped":
        ET.SubElement(case, "skipped", message=printable(outcome.why))
    elif outcome.status == "broke":
        ET.SubElement(case, "error", message=printable(outcome.why))
    elif outcome.status == "failed":
        said = outcome.failure.said if outcome.failure else outcome.why
        failure = ET.SubElement(case, "failure", message=printable(said))
        failure.text = printable("\n".join(told(outcome)))
