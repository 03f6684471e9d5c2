"""A draft becomes a release: what is in it is listed, scanned and signed."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tradectl.errors import ExitCode, TradectlError
from tradectl.release import evidence
from tradectl.release.assembly import bill, draft, images, licences
from tradectl.release.assembly.bill import Json
from tradectl.release.assembly.draft import Told
from tradectl.release.environments import EVIDENCE, RECORD
from tradectl.release.evidence import Evidence, Kind
from tradectl.release.git import Repository
from tradectl.release.record import Release, encoded
from tradectl.release.registry import Registry
from tradectl.release.scans import report
from tradectl.release.scans.finding import Scan, Scanned
from tradectl.release.signing import Signer

SBOMS = {images.PLATFORM: "sbom.cdx.json", images.BACKUP: "sbom-backup.cdx.json"}
"""Of the images that are built here."""
SOURCES = {images.BACKUP: ("percona",)}
"""Images that another one has programs of."""
LICENCES = "licences.json"
CYCLONEDX = "cyclonedx"
"""As cosign calls that kind of statement."""


def sealed(folder: Path, root: Path, signer: Signer, tell: Told, schemas: Path | None = None) -> Release:
    """List, scan and sign; TradectlError for what may not be released, and then nothing is signed."""
    release = draft.read(folder)
    if (commit := Repository(root).commit) != release.commit:
        hint = f"git checkout {release.commit[:9]}"
        raise TradectlError(
            f"{root} is at {commit[:9]}, the draft of {release.version} is not", hint, ExitCode.CONFLICT
        )
    listed(release, folder, root, tell)
    seen = _scanned(release, folder, root, tell, schemas)
    for part in (*release.images.values(), *release.charts.values()):
        _signer(signer, part.repository).sign(part)
    tell("signed", f"{len(release.images)} images, {len(release.charts)} charts")
    for kind, name in SBOMS.items():
        part = release.images[kind]
        _signer(signer, part.repository).attest(part, CYCLONEDX, folder / name)
        tell("attested", part.address)
    beside = (*SBOMS.values(), LICENCES, report.FILE)
    whole = msgspec.structs.replace(release, files={name: _sha256(folder / name) for name in beside})
    (folder / RECORD).write_bytes(encoded(whole))
    signer.sign_file(folder / RECORD)
    evidence.write(seen, folder / EVIDENCE, signer)
    tell("signed", f"the record of {whole.version}")
    return whole


def listed(release: Release, folder: Path, root: Path, tell: Told) -> None:
    """SBOMs of our images, and licences of the platform's, whose packages the other one has."""
    documents = {kind: _bill(release, kind, folder / name) for kind, name in SBOMS.items()}
    document, policy = documents[images.PLATFORM], licences.read(root)
    found = licences.listed(document, policy)
    (folder / LICENCES).write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    if refused := list(licences.refused(found, policy)):
        said = f"{refused[0]}{f' and {len(refused) - 1} more' if refused[1:] else ''}: no licence that is allowed"
        raise TradectlError(said, f"{licences.FILE} says which are", ExitCode.CHECK_FAILED)
    tell("listed", f"{len(document['components'])} components, every licence allowed")


def _bill(release: Release, kind: str, path: Path) -> Json:
    part = release.images[kind]
    Registry(part.repository).log_in()
    sources = [release.images[each] for each in SOURCES.get(kind, ())]
    document = bill.bill(draft.pulled(part), part, release.version, release.built, sources)
    bill.write(document, path)
    return document


def _scanned(release: Release, folder: Path, root: Path, tell: Told, schemas: Path | None) -> Evidence:
    """After the image was built, so that it is about this release."""

    def told(which: Scan, done: Scanned, _: float) -> None:
        tell("scanned", f"{which.value}: {len(done.findings)} findings")

    done = report.scan(root, list(Scan), told, schemas)
    (folder / report.FILE).write_bytes(report.encoded(done))
    if not done.ok:
        hint = "`tradectl release scan` shows each"
        raise TradectlError(f"{len(done.open)} findings that nobody has accepted", hint, ExitCode.CHECK_FAILED)
    return Evidence(
        kind=Kind.SCANS,
        release=release.version,
        ok=done.ok,
        at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        said=done.said,
        report=_sha256(folder / report.FILE),
    )


def _signer(signer: Signer, repository: str) -> Signer:
    return Signer(signer.key, plain=Registry(repository).plain)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
