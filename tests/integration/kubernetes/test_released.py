"""What the charts of a release run is what the release has: each image by its digest, in every environment."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from tests import charts
from tests.charts import FOLDER, Json
from tests.clusters import CHARTS
from tests.unit.tradectl.release.records import release
from tradectl.release.environments import IMAGES, ORDER, values
from tradectl.release.record import Release

WANTED = ("backup.store=s3://backups/desk", "exporters.database=primary", "exporters.cache=redis")
"""Beside every `enabled`."""


@pytest.fixture(autouse=True)
def _helm() -> None:
    charts.need()


def switches(said: Json, path: str = "") -> Iterator[str]:
    """Each `enabled` of a chart's values, turned on."""
    for name, each in said.items():
        if isinstance(each, dict):
            yield from switches(each, f"{path}{name}.")
        elif name == "enabled":
            yield f"{path}{name}=true"


def containers(found: Any) -> Iterator[Json]:
    """Wherever an object has them."""
    if isinstance(found, dict):
        for name in ("containers", "initContainers"):
            yield from found.get(name) or ()
    for each in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from containers(each)


def rendered(chart: str, environment: str, told: Release, folder: Path, *wanted: str) -> str:
    """By Helm, with the values that `tradectl deploy` writes; what Helm says where it refuses."""
    place = FOLDER / dict(CHARTS)[chart]
    file = folder / "told.yaml"
    file.write_bytes(msgspec.yaml.encode(values(told, chart)))
    files = [each for each in (place / f"values-{environment}.yaml", file) if each.exists()]
    options = [f"--values={each}" for each in files] + [f"--set={each}" for each in wanted]
    done = charts.run("template", environment, str(place), *options)
    return done.stdout if done.returncode == 0 else done.stderr


@pytest.mark.parametrize("environment", ORDER)
@pytest.mark.parametrize("chart", IMAGES)
def test_every_image_is_of_the_release_by_its_digest(chart: str, environment: str, tmp_path: Path) -> None:
    own = yaml.safe_load((FOLDER / dict(CHARTS)[chart] / "values.yaml").read_text(encoding="utf-8"))
    wanted = [*switches(own), *(WANTED if chart == "data" else ())]
    told = release("1.0.0")
    text = rendered(chart, environment, told, tmp_path, *wanted)
    used = {each["image"] for document in yaml.safe_load_all(text) for each in containers(document)}
    assert used == {told.images[kind].address for kind in IMAGES[chart]}


@pytest.mark.parametrize("chart", IMAGES)
def test_a_chart_has_no_image_that_a_release_lacks(chart: str) -> None:
    """One that stands only where it is named would else never be rendered."""
    own = yaml.safe_load((FOLDER / dict(CHARTS)[chart] / "values.yaml").read_text(encoding="utf-8"))
    assert set(own["images"]) == set(IMAGES[chart])


def older() -> Release:
    """One from before a release had all kinds."""
    made = release("0.9.0")
    kept = ("platform", "envoy", "percona", "rabbitmq", "redis")
    return msgspec.structs.replace(made, images={kind: made.images[kind] for kind in kept})


@pytest.mark.parametrize("chart", IMAGES)
def test_a_release_from_before_a_kind_goes_on_without_it(chart: str, tmp_path: Path) -> None:
    text = rendered(chart, "dev", older(), tmp_path)
    used = {each["image"] for document in yaml.safe_load_all(text) for each in containers(document)}
    assert used <= {part.address for part in older().images.values()}


def test_what_is_wanted_of_it_all_the_same_is_refused_by_name(tmp_path: Path) -> None:
    said = rendered("data", "dev", older(), tmp_path, "backup.enabled=true", "backup.store=s3://backups/desk")
    assert "images.backup.repository" in said
