from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.architecture.tree import ROOT
from tests.unit.tradectl.release.scans.findings import finding
from tradectl.errors import TradectlError
from tradectl.release.scans import accepted
from tradectl.release.scans.accepted import Acceptance, Accepted, judged
from tradectl.release.scans.finding import Finding, Scan

LAST = date(2027, 5, 31)
AFTER = date(2027, 6, 1)
ONE = finding()


def acceptance(path: str = "services/bad.py", *marks: str, rule: str = "B602") -> Acceptance:
    reason = "nobody else can call it"
    return Acceptance(scan=Scan.CODE, rule=rule, path=path, reason=reason, until=LAST, marks=list(marks))


def left(found: Finding, *said: Acceptance, today: date = LAST) -> list[Finding]:
    return list(judged([found], Accepted(accepted=list(said)), today).open)


def test_what_nobody_accepted_is_open() -> None:
    assert left(ONE) == [ONE]


@pytest.mark.parametrize("path", ["services/bad.py", "services/*", "*.py"])
def test_what_was_accepted_is_not(path: str) -> None:
    assert left(ONE, acceptance(path)) == []


def test_another_rule_or_place_is_still_open() -> None:
    assert left(ONE, acceptance(rule="B603"), acceptance("sim/*")) == [ONE]


def test_a_mark_covers_this_finding_wherever_its_line_moves_and_no_other() -> None:
    said = acceptance("services/bad.py", ONE.mark)
    assert left(finding(line=99), said) == []
    assert left(finding(subject="run(input())"), said) != []


def test_after_its_last_day_it_is_open_again_and_said_so() -> None:
    done = judged([ONE], Accepted(accepted=[acceptance()]), AFTER)
    assert done.open == [ONE]
    assert done.expired == ["code B602 in services/bad.py, until 2027-05-31"]


def test_what_covers_nothing_is_told() -> None:
    assert judged([], Accepted(accepted=[acceptance()]), LAST).idle == ["code B602 in services/bad.py"]


GOOD = {"scan": "code", "rule": "B602", "path": "a.py", "reason": "nobody else can call it", "until": "2027-05-31"}


@pytest.mark.parametrize(
    "change",
    [{"reason": None}, {"until": None}, {"reason": "fine"}, {"until": "soon"}, {"scan": "smell"}, {"who": "me"}],
    ids=str,
)
def test_a_reason_and_a_last_day_are_asked_for(change: dict[str, str | None], tmp_path: Path) -> None:
    one = {name: value for name, value in {**GOOD, **change}.items() if value is not None}
    (tmp_path / "security").mkdir()
    (tmp_path / accepted.FILE).write_text(yaml.safe_dump({"accepted": [one]}), encoding="utf-8")
    with pytest.raises(TradectlError, match=r"security/accepted\.yaml: "):
        accepted.read(tmp_path)


def test_the_schema_that_editors_read_is_the_codes_own() -> None:
    assert (ROOT / accepted.SCHEMA).read_bytes() == accepted.schema()


def test_our_own_file_can_be_read() -> None:
    assert accepted.read(ROOT).accepted
