"""The licences of what is in an image, held against security/licences.yaml."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec

from tradectl.errors import ExitCode, TradectlError

FILE = Path("security/licences.yaml")
DEBIAN = "pkg:deb/"
Reason = Annotated[str, msgspec.Meta(min_length=15)]


class Named(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A package whose metadata says no identifier: somebody has read its licence."""

    package: str
    licence: str
    reason: Reason


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``allowed`` are SPDX's identifiers."""

    allowed: list[str]
    named: list[Named] = []


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """``licences`` as its metadata says them: any of them is the user's choice only where an expression says OR."""

    package: str
    version: str
    licences: list[str]
    judged: bool = True
    """Debian's own packages are not: its main archive has a policy of its own (DFSG)."""


def read(root: Path) -> Policy:
    try:
        return msgspec.yaml.decode((root / FILE).read_bytes(), type=Policy)
    except (OSError, msgspec.MsgspecError) as error:
        raise TradectlError(f"{FILE}: {error}", "", ExitCode.BAD_INPUT) from error


def listed(bill: Mapping[str, Any], policy: Policy) -> list[Licence]:
    """Every package of a bill of materials, by name."""
    by_hand = {each.package: each.licence for each in policy.named}
    found = []
    for each in bill["components"]:
        said = [by_hand[each["name"]]] if each["name"] in by_hand else sorted(_said(each))
        judged = not each.get("purl", "").startswith(DEBIAN)
        found.append(Licence(package=each["name"], version=each["version"], licences=said, judged=judged))
    return sorted(found, key=lambda each: (not each.judged, each.package))


def _said(component: Mapping[str, Any]) -> set[str]:
    """Identifiers and expressions; a name only where there is neither."""
    entries = component.get("licenses", [])
    exact = {each.get("expression") or each.get("license", {}).get("id") for each in entries} - {None}
    return exact or {each["license"]["name"] for each in entries if "name" in each.get("license", {})}


def refused(found: Sequence[Licence], policy: Policy) -> Iterator[str]:
    """Packages that may not be in it, in words."""
    for each in found:
        if not each.judged:
            continue
        if not each.licences:
            yield f"{each.package} {each.version} says no licence"
        elif bad := [one for one in each.licences if not allowed(one, policy)]:
            yield f"{each.package} {each.version}: {', '.join(bad)}"


def allowed(expression: str, policy: Policy) -> bool:
    """Of an SPDX expression: OR is a choice, AND asks for both; WITH adds to what a licence permits."""
    from license_expression import AND, OR, ExpressionError, get_spdx_licensing

    try:
        parsed = get_spdx_licensing().parse(expression)
    except ExpressionError:
        return expression in policy.allowed

    def holds(node: Any) -> bool:
        if isinstance(node, OR):
            return any(holds(each) for each in node.args)
        if isinstance(node, AND):
            return all(holds(each) for each in node.args)
        return str(node).split(" WITH ")[0] in policy.allowed

    return holds(parsed)
