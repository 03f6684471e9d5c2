import json

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.unit.tradectl.release.assembly.test_debian import STATUS
from tradectl.release.assembly import debian
from tradectl.release.assembly.bill import Json, whole
from tradectl.release.record import Part

PART = Part(repository="registry.example/tradectl/platform", digest=f"sha256:{'a' * 64}")
AIOHTTP = {"type": "library", "bom-ref": "aiohttp==3.14", "name": "aiohttp", "version": "3.14"}
YARL = {"type": "library", "bom-ref": "yarl==1.22", "name": "yarl", "version": "1.22"}
WHEN = "2026-11-30T12:00:00Z"
DEPENDENCIES: list[Json] = [{"ref": "aiohttp==3.14", "dependsOn": ["yarl==1.22"]}, {"ref": "yarl==1.22"}]
BILL = whole([YARL, AIOHTTP, *debian.components(STATUS, "13")], DEPENDENCIES, PART, "1.2.3", WHEN)


def test_it_is_cyclonedx_by_the_published_schema() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(BILL)) is None
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps({**BILL, "nonsense": 1})) is not None


def test_it_is_about_the_image_by_its_digest() -> None:
    component = BILL["metadata"]["component"]
    assert (component["name"], component["version"]) == ("platform", "1.2.3")
    assert component["purl"].startswith(f"pkg:oci/platform@sha256%3A{'a' * 64}?repository_url=")


def test_the_image_depends_on_what_nothing_else_does() -> None:
    root = BILL["metadata"]["component"]["bom-ref"]
    (top,) = [each["dependsOn"] for each in BILL["dependencies"] if each["ref"] == root]
    assert "yarl==1.22" not in top
    assert len(top) == 2


def test_the_same_image_has_the_same_bill() -> None:
    again = whole(
        [AIOHTTP, *debian.components(STATUS, "13"), YARL], DEPENDENCIES, PART, "1.2.3", "2026-11-30T12:00:00Z"
    )
    assert again == BILL
