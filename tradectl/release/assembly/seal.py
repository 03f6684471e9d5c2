"""A draft becomes a release: what is in it is listed, scanned and signed."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tradectl.errors import ExitCode, TradectlError
from tradectl.release import evidence
from tradectl.release.assembly import bill, draft, licences
from tradectl.release.assembly.draft import Told
from tradectl.release.environments import EVIDENCE, RECORD
from tradectl.release.evidence import Evidence, Kind
from tradectl.release.git import Repository
from tradectl.release.record import Release, encoded
from tradectl.release.registry import Registry
from tradectl.release.scans import report
from tradectl.release.scans.finding import Scan, Scanned
from tradectl.release.signing import Signer

SBOM, LICENCES = "sbom.cdx.json", "licences.json"
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
    platform = release.images["platform"]
    _signer(signer, platform.repository).attest(platform, CYCLONEDX, folder / SBOM)
    tell("attested", platform.address)
    whole = msgspec.structs.replace(
        release, files={name: _sha256(folder / name) for name in (SBOM, LICENCES, report.FILE)}
    )
    (folder / RECORD).write_bytes(encoded(whole))
    signer.sign_file(folder / RECORD)
    evidence.write(seen, folder / EVIDENCE, signer)
    tell("signed", f"the record of {whole.version}")
    return whole


def listed(release: Release, folder: Path, root: Path, tell: Told) -> None:
    """SBOM and licences of the platform's image."""
    platform = release.images["platform"]
    Registry(platform.repository).log_in()
    document = bill.bill(draft.pulled(platform), platform, release.version, release.built)
    bill.write(document, folder / SBOM)
    policy = licences.read(root)
    found = licences.listed(document, policy)
    (folder / LICENCES).write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    if refused := list(licences.refused(found, policy)):
        said = f"{refused[0]}{f' and {len(refused) - 1} more' if refused[1:] else ''}: no licence that is allowed"
        raise TradectlError(said, f"{licences.FILE} says which are", ExitCode.CHECK_FAILED)
    tell("listed", f"{len(document['components'])} components, every licence allowed")


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
