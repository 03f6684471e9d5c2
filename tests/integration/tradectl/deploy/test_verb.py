"""`tradectl deploy` on a real environments repository: what it does before any cluster is asked."""

from pathlib import Path

import msgspec
import pytest

from tests.e2e.tool import Result, Tool
from tests.integration.tradectl.release import repositories
from tests.unit.tradectl.release.records import release
from tradectl.release.evidence import Evidence, Kind
from tradectl.release.record import Migration
from tradectl.release.signing import Signer

FIRST = Migration(service="orders", revision="0001_first", mark="expand")
LESS = Migration(service="orders", revision="0002_less", mark="contract")


UNKNOWN = "there is no cosign.pub: nobody can tell who built it"


class Desk:
    """Whoever deploys, with a repository of its own."""

    def __init__(self, folder: Path) -> None:
        self.environments = repositories.environments(folder)
        self._tool = Tool(folder)

    def deploy(self, *arguments: str) -> Result:
        return self._tool.run("deploy", *arguments)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Two releases, the later of which contracts; dev has had both."""
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    for number, (key, value) in enumerate((("user.name", "Bob"), ("user.email", "bob@example.org"))):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    made = Desk(tmp_path)
    monkeypatch.setenv("TRADECTL_ENVIRONMENTS", made.environments.repository.run("remote", "get-url", "origin"))
    for each in (release("1.0.0", FIRST), release("1.1.0", FIRST, LESS)):
        made.environments.keep(each)
        made.environments.deploy("dev", each, "tried")
    return made


def in_the_way(desk: Desk) -> list[str]:
    """Of the later release, into dev."""
    said = desk.deploy("apply", "dev", "--release", "1.1.0", "--dry-run", "--json")
    found: list[str] = said.json["in_the_way"]
    return found


def test_history_says_who_what_and_when_the_newest_first(desk: Desk) -> None:
    found = desk.deploy("history", "dev", "--json").json["items"]
    assert [(each["release"], each["by"]) for each in found] == [("1.1.0", "Bob"), ("1.0.0", "Bob")]


def test_a_release_nobody_has_looked_at_goes_nowhere_and_is_told_what_is_missing(desk: Desk) -> None:
    said = desk.deploy("promote", "1.1.0", "--to", "stage")
    assert said.code == 9
    assert "scenarios in dev: not seen yet" in " ".join(said.err.split())
    assert "--override WHY" in said.err
    assert desk.environments.deployed("stage") is None


def test_a_dry_run_says_what_would_be_done_and_needs_no_cluster(desk: Desk) -> None:
    said = desk.deploy("apply", "dev", "--release", "1.1.0", "--dry-run", "--json")
    assert said.json == {
        "environment": "dev",
        "release": "1.1.0",
        "before": "1.1.0",
        "in_the_way": [UNKNOWN, "scans: not seen yet"],
    }
    assert said.code == 9


def test_what_was_seen_stands_no_longer_in_the_way(desk: Desk) -> None:
    seen = Evidence(kind=Kind.SCANS, release="1.1.0", ok=True, at="2026-11-30T13:00:00Z", said="no findings")
    folder = desk.environments.record("1.1.0").parent / "evidence"
    folder.mkdir()
    (folder / "scans.json").write_bytes(msgspec.json.encode(seen))
    desk.environments.publish("evidence: 1.1.0", folder)
    assert in_the_way(desk) == [UNKNOWN]


def test_a_release_that_the_platforms_key_has_not_signed_goes_nowhere_whoever_takes_it_on_himself(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repositories.need_cosign(monkeypatch)
    private, public = repositories.keys(tmp_path / "keys")
    desk.environments.keep_key(public)
    said = desk.deploy("apply", "dev", "--release", "1.1.0", "--override", "in haste", "--dry-run")
    assert said.code == 1
    assert "has no signature" in " ".join(said.err.split())
    record = desk.environments.record("1.1.0")
    Signer(private).sign_file(record)
    desk.environments.publish("release: signed", record.parent)
    assert in_the_way(desk) == ["scans: not seen yet"]


def test_a_rollback_over_a_contract_is_refused_with_the_way_forward(desk: Desk) -> None:
    said = desk.deploy("rollback", "dev", "--why", "orders are slow")
    assert said.code == 9
    assert "1.1.0 has contracted what 1.0.0 needs (orders 0002_less)" in " ".join(said.err.split())
    assert "mend it in a release after 1.1.0" in " ".join(said.err.split())


def test_what_an_environment_never_had_it_cannot_go_back_to(desk: Desk) -> None:
    said = desk.deploy("rollback", "dev", "--to", "0.9.0")
    assert said.code == 4
    assert "tradectl deploy history dev" in said.err


def test_a_frozen_environment_refuses_until_it_is_thawed(desk: Desk) -> None:
    assert desk.deploy("freeze", "dev", "--why", "quarter's end").code == 0
    assert "dev is frozen by Bob: quarter's end" in in_the_way(desk)
    assert desk.deploy("thaw", "dev").code == 0
    assert in_the_way(desk) == [UNKNOWN, "scans: not seen yet"]


def test_a_freeze_until_no_moment_is_a_usage_error(desk: Desk) -> None:
    assert desk.deploy("freeze", "dev", "--why", "x", "--until", "tomorrow").code == 2


def test_without_a_cluster_it_says_what_to_look_at_and_changes_nothing(desk: Desk) -> None:
    said = desk.deploy("apply", "dev", "--release", "1.0.0", "--override", "a test")
    assert said.code == 5
    assert "KUBECONFIG" in said.err
    there = desk.environments.deployed("dev")
    assert there is not None
    assert there.release == "1.1.0"


def test_a_diff_that_cannot_be_told_ends_with_two(desk: Desk) -> None:
    assert desk.deploy("diff", "stage").code == 2


def test_without_a_repository_it_says_how_one_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADECTL_ENVIRONMENTS", "")
    said = desk.deploy("history", "dev")
    assert said.code == 2
    assert "--environments URL" in said.err
