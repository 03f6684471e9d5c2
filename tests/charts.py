"""The charts as Helm renders them, where it is here: `python -m tests.charts` writes the golden files anew."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tradectl.release.environments import IMAGES

FOLDER = Path(__file__).parents[1] / "compose/kubernetes"
GOLDEN = Path(__file__).parent / "integration/kubernetes/golden"
LAB = "/opt/lab/bin"
ENVIRONMENTS = ("dev", "stage", "prod", "yandex")
DIGEST = f"sha256:{'0' * 64}"
KINDS = {
    "chart": IMAGES["tradectl"],
    "data": IMAGES["data"],
    "access": (),
    "argocd": (),
    "observability": ("prometheus", "alertmanager", "loki", "jaeger", "grafana"),
}
"""The images of each chart."""
WANTED = {
    "data": ("s3.enabled=true", "backup.enabled=true", "backup.store=s3://backups/desk?endpoint=http://s3:7070"),
    "argocd": (
        "repository=https://git.example/environments.git",
        "registry=registry.example/platform",
        f"observability.digest={DIGEST}",
    ),
}
"""What stands only where it is wanted; here it is."""
MADE = [
    *((chart, environment) for chart in ("chart", "data") for environment in ENVIRONMENTS),
    ("observability", "lab"),
    ("access", "lab"),
    ("argocd", "lab"),
]
"""What is installed where; one chart is for all environments of a cluster."""

Json = dict[str, Any]


@cache
def helm() -> str | None:
    """Where Helm is."""
    return shutil.which("helm", path=f"{os.environ['PATH']}:{LAB}")


def need() -> None:
    """Skip where there is no Helm."""
    if helm() is None:
        pytest.skip("Helm is not here: ../shared/lab/tools helm")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One command of Helm's."""
    need()
    return subprocess.run([str(helm()), *arguments], capture_output=True, text=True, check=False)


def values(chart: str, environment: str) -> list[str]:
    """The options for an environment, every image under a digest of its own."""
    file = FOLDER / chart / f"values-{environment}.yaml"
    images = [f"images.{kind}.{part}" for kind in KINDS[chart] for part in ("repository", "digest")]
    given = [f"{name}={DIGEST if name.endswith('digest') else name.split('.')[1]}" for name in images]
    told = [*given, *WANTED.get(chart, ())]
    return [*(("--values", str(file)) if file.exists() else ()), *(("--set", ",".join(told)) if told else ())]


def text(chart: str, environment: str, more: Sequence[str] = ()) -> str:
    """What would be applied."""
    done = run("template", environment, str(FOLDER / chart), *values(chart, environment), *more)
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def objects(chart: str, environment: str) -> list[Json]:
    """The same as data."""
    return [each for each in yaml.safe_load_all(text(chart, environment)) if each]


def pods(found: Sequence[Json]) -> dict[str, Json]:
    """The template of each workload's pods by its name."""
    templates = ((each["metadata"]["name"], each.get("spec", {}).get("template", {})) for each in found)
    return {name: template for name, template in templates if "containers" in template.get("spec", {})}


def golden(chart: str, environment: str) -> str:
    """The same without what is a file of the repository as it is."""
    parts = text(chart, environment).split("---\n")
    return "---\n".join(part for part in parts if "\n  name: dashboards\n" not in part)


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for chart, environment in MADE:
        (GOLDEN / f"{chart}-{environment}.yaml").write_text(golden(chart, environment), encoding="utf-8")


if __name__ == "__main__":
    main()
