"""What the charts make of each environment: kinds and fields that Kubernetes knows, and pods that need no right."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from tradectl.release.environments import ORDER
from tradectl.release.program import run
from tradectl.release.scans.finding import Finding, Scan, Scanned, Severity
from tradectl.release.scans.restricted import broken
from tradectl.release.scans.scanner import scanned

FOLDER = Path("compose/kubernetes")
LAB = "lab"
PLACES = (*ORDER, "yandex", LAB)
"""Values that a chart is tried with, where it has a file of them."""
WANTED = {"data": "s3.enabled=true,backup.enabled=true,backup.store=s3://backups/desk"}
"""What stands only where it is wanted: it is looked at, too."""
KUBERNETES = "1.34"
DIGEST = f"sha256:{'0' * 64}"
WRONG = re.compile(r"for resource (\S+) against version \S+: (.*)")
UNKNOWN = re.compile(r"Couldn't find schema for kind (\S+)")


@dataclass(frozen=True)
class Rendered:
    """What a chart makes of an environment; ``chart`` is its folder's name."""

    chart: str
    environment: str
    text: str

    @property
    def path(self) -> str:
        return str(FOLDER / self.chart)

    def finding(self, rule: str, subject: str, said: str) -> Finding:
        return Finding(
            scan=Scan.CHARTS,
            rule=rule,
            path=f"{self.path}/Chart.yaml",
            severity=Severity.HIGH,
            said=f"in {self.environment}, {subject}: {said}",
            subject=f"{self.environment} {subject} {said}",
        )


def charts(root: Path, schemas: Path | None = None) -> Scanned:
    """Every chart for every environment."""
    done = [held(rendered(root, *each), schemas) for each in made(root)]
    notes = sorted({note for each in done for note in each.notes})
    return Scanned([finding for each in done for finding in each.findings], notes)


def held(what: Rendered, schemas: Path | None = None) -> Scanned:
    """``schemas`` is a folder of JSON schemas for kubeconform, custom kinds too; without it, the built-in ones."""
    wrong, unknown = _conform(what, schemas) if schemas else _validate(what)
    return Scanned([*pods(what), *wrong], sorted(unknown))


def made(root: Path) -> Iterator[tuple[str, str]]:
    """Each chart that installs pods, with each environment of its values; dev may have none of its own."""
    for file in sorted((root / FOLDER).glob("*/values.yaml")):
        folder = file.parent
        if "images" not in msgspec.yaml.decode(file.read_bytes()):
            continue
        named = [each for each in PLACES if (folder / f"values-{each}.yaml").exists()]
        standing = [each for each in named if each != LAB]
        yield from ((folder.name, each) for each in dict.fromkeys((ORDER[0], *standing) if standing else named))


def rendered(root: Path, chart: str, environment: str) -> Rendered:
    """By Helm itself, each image under a digest that is none."""
    folder = root / FOLDER / chart
    own = folder / f"values-{environment}.yaml"
    kinds = msgspec.yaml.decode((folder / "values.yaml").read_bytes())["images"]
    images = [f"images.{kind}.repository={kind},images.{kind}.digest={DIGEST}" for kind in kinds]
    given = ["--values", str(own)] if own.exists() else []
    told = ",".join([*images, *((WANTED[chart],) if chart in WANTED else ())])
    return Rendered(chart, environment, run("helm", "template", environment, str(folder), *given, "--set", told))


def pods(what: Rendered) -> Iterator[Finding]:
    """Where a pod would not be let into a namespace that enforces *restricted*."""
    for document in documents(what.text):
        for said in broken(_pod(document)):
            yield what.finding("pod-security", f"{document['kind']}/{document['metadata']['name']}", said)


def documents(text: str) -> Iterator[dict[str, Any]]:
    for part in re.split(r"^---$", text, flags=re.MULTILINE):
        document = msgspec.yaml.decode(part.encode())
        if isinstance(document, dict):
            yield document


def _pod(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The pod that an object makes; none where it makes none."""
    spec = document.get("spec") or {}
    if document["kind"] == "Pod":
        return dict(spec)
    if document["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return dict(spec.get("template", {}).get("spec", {})) if isinstance(spec, dict) else {}


def _validate(what: Rendered) -> tuple[list[Finding], set[str]]:
    """kubernetes-validate knows built-in kinds alone."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "rendered.yaml"
        file.write_text(what.text, encoding="utf-8")
        said = scanned("kubernetes-validate", "--strict", "--kubernetes-version", KUBERNETES, "--quiet", str(file))
    wrong = [what.finding("schema", where, why) for where, why in WRONG.findall(said)]
    return wrong, {f"{kind} was not held against a schema: say --schemas FOLDER" for kind in UNKNOWN.findall(said)}


def _conform(what: Rendered, schemas: Path) -> tuple[list[Finding], set[str]]:
    """kubeconform, strict: a kind without a schema is a fault."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "rendered.yaml"
        file.write_text(what.text, encoding="utf-8")
        place = f"{schemas}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
        kubeconform = shutil.which("kubeconform") or "kubeconform"
        said = run(kubeconform, "-strict", "-schema-location", place, "-output", "json", str(file), fine=(0, 1))
    wrong = json.loads(said)["resources"]
    return [what.finding("schema", f"{each['kind']}/{each['name']}", each["msg"]) for each in wrong], set()
