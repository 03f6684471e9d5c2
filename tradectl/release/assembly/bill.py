"""The bill of materials of an image of ours, in CycloneDX: Python's packages, Debian's, and Python itself."""

import json
import os
import shutil
import uuid
import venv
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.assembly import debian
from tradectl.release.assembly.images import take
from tradectl.release.program import run
from tradectl.release.record import Part
from tradectl.release.scans.scanner import scanned

SPECIFICATION = "1.6"
PYTHON, VERSION = "/opt/tradectl/bin/python", "import platform; print(platform.python_version())"
LIBRARIES, OWN, METADATA = "opt/tradectl/lib", "opt/platform", ".dist-info"
STATUS, SYSTEM, DOCUMENTS = "var/lib/dpkg/status", "usr/lib/os-release", "usr/share/doc"

Json = dict[str, Any]


def bill(image: str, part: Part, version: str, built: str, sources: Sequence[Part] = ()) -> Json:
    """Of an image of the engine, which is ``part`` in its registry; ``sources`` are images that it has programs of."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "image"
        take(image, _wanted, root)
        python, others = _python(root, Path(folder)), _debian(root)
    interpreter = run("docker", "run", "--rm", "--entrypoint", PYTHON, image, "-c", VERSION)
    components = [*python["components"], *others, _interpreter(interpreter), *map(_source, sources)]
    return whole(components, python.get("dependencies", []), part, version, built)


def whole(components: Sequence[Json], dependencies: Sequence[Json], part: Part, version: str, built: str) -> Json:
    """One document: the image, and all that is in it."""
    name, root = _name(part), _purl(part)
    under = {each for one in dependencies for each in one.get("dependsOn", ())}
    top = sorted(each["bom-ref"] for each in components if each["bom-ref"] not in under)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, root)}",
        "version": 1,
        "metadata": {
            "timestamp": built,
            "tools": {"components": [{"type": "application", "name": "tradectl"}]},
            "component": {"type": "container", "bom-ref": root, "name": name, "version": version, "purl": root},
        },
        "components": sorted(components, key=lambda each: str(each["bom-ref"])),
        "dependencies": [*dependencies, {"ref": root, "dependsOn": top}],
    }


def _name(part: Part) -> str:
    return part.repository.rpartition("/")[2]


def _purl(part: Part) -> str:
    return f"pkg:oci/{_name(part)}@{quote(part.digest, safe='')}?repository_url={quote(part.repository, safe='')}"


def _source(part: Part) -> Json:
    purl = _purl(part)
    return {"type": "container", "bom-ref": purl, "name": _name(part), "version": part.digest, "purl": purl}


def _wanted(path: str) -> bool:
    """What packages say of themselves."""
    ours = path.startswith((LIBRARIES, OWN)) and METADATA in path
    return ours or path in {STATUS, SYSTEM} or (path.startswith(DOCUMENTS) and path.endswith("/copyright"))


def _python(image: Path, folder: Path) -> Json:
    """By cyclonedx-py, in an environment of ours that has the metadata of the image's packages and nothing else."""
    environment = folder / "environment"
    venv.create(environment)
    (packages,) = environment.glob("lib/python3*/site-packages")
    for path in (each for place in (LIBRARIES, OWN) for each in (image / place).rglob(f"*{METADATA}")):
        shutil.copytree(path, packages / path.name, dirs_exist_ok=True)
    if not any(packages.iterdir()):
        hint = "compose/images/build makes one"
        raise TradectlError("the image has no packages of Python: it is not the platform's", hint, ExitCode.BAD_INPUT)
    options = ("--spec-version", SPECIFICATION, "--output-format", "JSON", "--output-reproducible")
    return dict(json.loads(scanned("cyclonedx-py", "environment", *options, str(environment))))


def _debian(image: Path) -> list[Json]:
    status, system = image / STATUS, image / SYSTEM
    if not (status.exists() and system.exists()):
        raise TradectlError("the image is not of Debian", "its packages are not known", ExitCode.BAD_INPUT)
    release = debian.release_of(system.read_text(encoding="utf-8"))
    return list(debian.components(status.read_text(encoding="utf-8"), release, image / DOCUMENTS))


def _interpreter(version: str) -> Json:
    purl = f"pkg:generic/python@{version}"
    licence = {"license": {"id": "Python-2.0"}}
    return {
        "type": "application",
        "bom-ref": purl,
        "name": "python",
        "version": version,
        "purl": purl,
        "licenses": [licence],
    }


def write(document: Json, path: Path) -> None:
    path.write_text(json.dumps(document, indent=1, sort_keys=True) + os.linesep, encoding="utf-8")
