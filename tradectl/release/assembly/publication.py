"""A sealed release goes into the environments repository, and is looked at again there by whoever likes."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.assembly import draft
from tradectl.release.assembly.seal import CYCLONEDX, SBOMS
from tradectl.release.environments import RECORD, Environments, check_files
from tradectl.release.record import Part, Release
from tradectl.release.registry import Registry
from tradectl.release.signing import Verifier


@dataclass(frozen=True)
class Check:
    """``why`` is empty where it holds."""

    what: str
    why: str = ""


def published(folder: Path, environments: Environments) -> Release:
    """Write a sealed draft down; TradectlError where its signature is not by the repository's key."""
    release = draft.read(folder)
    _verifier(environments, None).verify_file(folder / RECORD)
    check_files(release, folder)
    environments.keep(release, folder)
    return release


def verified(environments: Environments, version: str, key: Path | None, *, registry: bool = True) -> list[Check]:
    """Everything that was signed, each looked at: the record, the files beside it, evidence, images and charts."""
    release, record = environments.release(version), environments.record(version)
    verifier = _verifier(environments, key)
    looks: list[tuple[str, Callable[[], object]]] = [
        (f"record of {release.version}", partial(verifier.verify_file, record)),
        (f"{len(release.files)} files beside it", partial(check_files, release, record.parent)),
        ("evidence", partial(environments.evidence, version)),
        *(_in_registry(release, record.parent, verifier.key) if registry else ()),
    ]
    return [Check(what, _why(look)) for what, look in looks]


def _in_registry(release: Release, folder: Path, key: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    for name, part in {**release.images, **release.charts}.items():
        verifier = Verifier(key, plain=Registry(part.repository).plain)
        yield f"{name} {part.address}", partial(verifier.verify, part)
    for kind, name in SBOMS.items():
        if name in release.files:
            yield f"{name} on the image", partial(_attested, release.images[kind], folder / name, key)


def _attested(part: Part, sbom: Path, key: Path) -> None:
    """The statement on the image is the file that the record names."""
    wanted = json.loads(sbom.read_bytes())
    for each in Verifier(key, plain=Registry(part.repository).plain).attested(part, CYCLONEDX):
        if json.loads(base64.b64decode(str(each["payload"])))["predicate"] == wanted:
            return
    raise TradectlError(f"what is said of {part.address} is another {sbom.name}", "", ExitCode.CHECK_FAILED)


def _verifier(environments: Environments, key: Path | None) -> Verifier:
    found = Verifier(key) if key else environments.verifier
    if found is None:
        hint = "`tradectl release keys --publish` puts one there"
        raise TradectlError("the environments repository has no cosign.pub", hint, ExitCode.NOT_FOUND)
    return found


def _why(look: Callable[[], object]) -> str:
    try:
        look()
    except TradectlError as error:
        if error.exit_code is ExitCode.NOT_FOUND:
            raise
        return error.message
    return ""
