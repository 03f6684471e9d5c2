import pytest

from tests.architecture.tree import ROOT
from tradectl.release.scans import advisories
from tradectl.release.scans.advisories import Advisory, Span
from tradectl.release.scans.pins import Pin

ONE = Advisory(
    id="PYSEC-1",
    package="some-thing",
    said="it leaks",
    spans=[Span(introduced="1.0", fixed="1.4"), Span(introduced="2.0", last="2.1")],
    versions=["0.9rc1"],
)


@pytest.mark.parametrize("version", ["0.9rc1", "1.0", "1.3.99", "1.4rc1", "2.0", "2.1"])
def test_a_version_within_is_affected(version: str) -> None:
    assert ONE.affects(version)


@pytest.mark.parametrize("version", ["0.9", "1.4", "1.10", "2.1.1", "3.0"])
def test_one_before_after_or_between_is_not(version: str) -> None:
    assert not ONE.affects(version)


def test_packages_are_compared_as_registries_do() -> None:
    found = advisories.Advisories(source="", as_of="2024-10-10", commit="", advisories=[ONE])
    assert list(found.of(Pin("Some_Thing", "1.2", "requirements/runtime.txt", 1))) == [ONE]
    assert list(found.of(Pin("something", "1.2", "requirements/runtime.txt", 1))) == []


def test_our_own_file_says_of_what_day_it_is_and_whose() -> None:
    found = advisories.read(ROOT)
    assert found.as_of >= "2024-10-10"
    assert "CC-BY" in found.source
    assert found.advisories
