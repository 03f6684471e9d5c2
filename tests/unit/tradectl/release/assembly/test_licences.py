from typing import Any

import pytest

from tests.architecture.tree import ROOT
from tradectl.release.assembly import licences
from tradectl.release.assembly.licences import Named, Policy, allowed, listed, refused

POLICY = Policy(
    allowed=["MIT", "Apache-2.0", "License :: OSI Approved :: BSD License"],
    named=[Named(package="silent", licence="MIT", reason="its repository has the file")],
)


def component(name: str, *said: dict[str, Any], purl: str = "pkg:pypi/x@1") -> dict[str, Any]:
    return {"name": name, "version": "1.0", "purl": purl, "licenses": list(said)}


@pytest.mark.parametrize(
    ("expression", "good"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only AND MIT", False),
        ("(GPL-3.0-only OR MIT) AND Apache-2.0", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("License :: OSI Approved :: BSD License", True),
        ("Somebody's own", False),
    ],
)
def test_an_expression_is_read_as_spdx_means_it(expression: str, good: bool) -> None:
    assert allowed(expression, POLICY) is good


def reasons(*components: dict[str, Any]) -> list[str]:
    return list(refused(listed({"components": components}, POLICY), POLICY))


def test_a_package_of_another_licence_is_named() -> None:
    good = component("good", {"license": {"id": "MIT"}})
    bad = component("bad", {"license": {"id": "AGPL-3.0-only"}})
    assert reasons(good, bad) == ["bad 1.0: AGPL-3.0-only"]


def test_a_package_that_says_none_is_named_until_somebody_has_read_it() -> None:
    assert reasons(component("unknown")) == ["unknown 1.0 says no licence"]
    assert reasons(component("silent")) == []


def test_an_identifier_comes_before_a_name() -> None:
    assert reasons(component("both", {"license": {"id": "MIT"}}, {"license": {"name": "Proprietary"}})) == []


def test_debians_own_packages_are_listed_and_not_judged() -> None:
    (found,) = listed({"components": [component("bash", purl="pkg:deb/debian/bash@5")]}, POLICY)
    assert not found.judged
    assert list(refused([found], POLICY)) == []


def test_our_own_policy_can_be_read() -> None:
    assert "AGPL-3.0-only" not in licences.read(ROOT).allowed
