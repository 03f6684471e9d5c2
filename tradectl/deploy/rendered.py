"""What Git says an environment is: its charts, rendered by Helm as Argo CD renders them."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import yaml

from tradectl.deploy.api import Json
from tradectl.deploy.applications import CHARTS
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.environments import Environments, values
from tradectl.release.program import run
from tradectl.release.record import Part, Release
from tradectl.release.registry import Registry

HOOK = "helm.sh/hook"


def rendered(environments: Environments, environment: str, version: str | None) -> dict[str, list[Json]]:
    """The objects of each Application under a release, that which is there unless named; without hooks.

    TradectlError where there is no such release, or the registry lacks a chart of it.
    """
    if version is None:
        there = environments.deployed(environment)
        if there is None:
            hint = f"`tradectl deploy apply {environment}`"
            raise TradectlError(f"{environment} has had no release yet", hint, ExitCode.NOT_FOUND)
        version = there.release
    release = environments.release(version)
    own = environments.folder(environment)
    with TemporaryDirectory() as folder:
        return {name: _objects(release, environment, name, own, Path(folder)) for name in CHARTS}


def _objects(release: Release, environment: str, name: str, own: Path, work: Path) -> list[Json]:
    kind = CHARTS[name]
    chart = _pulled(release.charts[kind], work / name)
    told = work / f"{name}.yaml"
    told.write_bytes(msgspec.yaml.encode(values(release, kind)))
    files = (chart / f"values-{environment}.yaml", told, own / f"{kind}-own.yaml")
    options = [f"--values={each}" for each in files if each.exists()]
    text = run("helm", "template", name, str(chart), "--namespace", environment, *options)
    found = [each for each in yaml.safe_load_all(text) if each]
    return [each for each in found if HOOK not in each["metadata"].get("annotations", {})]


def _pulled(part: Part, folder: Path) -> Path:
    plain = ["--plain-http"] if Registry(part.repository).plain else []
    run("helm", "pull", f"oci://{part.address}", "--untar", "--untardir", str(folder), *plain)
    return min(folder.rglob("Chart.yaml"), key=lambda path: len(path.parts)).parent
