from tests.unit.tradectl.deploy.seen import RELEASE, application
from tests.unit.tradectl.release.records import release
from tradectl.deploy.applications import read

NEW, OLD = RELEASE.charts["tradectl"].digest, release("1.0.0").charts["tradectl"].digest


def running(about: str) -> dict[str, object]:
    """An operation about a chart that has not ended."""
    return {"phase": "Running", "operation": {"sync": {"revisions": [about, "abc"]}}}


def test_one_that_is_not_there_has_looked_at_nothing() -> None:
    found = read("platform-dev", None)
    assert (found.health, found.has(RELEASE)) == ("Missing", False)


def test_what_still_waits_for_a_release_that_git_no_longer_names_is_stuck() -> None:
    assert application("platform-dev", operationState=running(OLD)).is_stuck(RELEASE)
    assert not application("platform-dev", operationState=running(NEW)).is_stuck(RELEASE)


def test_what_runs_of_a_release_that_it_has_not_looked_at_yet_is_left_alone() -> None:
    assert not application("platform-dev", of="1.0.0", operationState=running(OLD)).is_stuck(RELEASE)


def test_what_is_not_as_git_has_it_is_named() -> None:
    resources = [{"kind": "Deployment", "name": "orders", "status": "OutOfSync"}, {"kind": "Service", "name": "orders"}]
    found = application("platform-dev", resources=resources)
    assert (found.differs, found.objects) == (("Deployment/orders",), ("Deployment/orders", "Service/orders"))


def test_an_error_of_argo_cd_is_told_before_what_the_last_operation_said() -> None:
    complaint = {"type": "ComparisonError", "message": "no such chart"}
    assert application("platform-dev", conditions=[complaint]).message == "no such chart"
