"""The environments repository: which release each environment has, by whom and why. Git's history is theirs.

    cosign.pub                              the key that releases and what was seen of them are signed with
    releases/VERSION/release.json           what a release is; never changed
    releases/VERSION/…                      its signature; SBOM, licences and scans, whose SHA-256 are in it
    releases/VERSION/evidence/…             what was seen of it, each with its signature
    environments/ENV/deployed.yaml          which one is there, with its charts by digest
    environments/ENV/CHART.yaml             the values of a chart that follow from it: images by digest

An operator's own values lie beside these, in CHART-own.yaml, and are not touched.
"""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from tradectl.errors import ExitCode, TradectlError
from tradectl.release import evidence
from tradectl.release.evidence import Evidence
from tradectl.release.git import Repository
from tradectl.release.record import Part, Release, decoded, encoded
from tradectl.release.signing import SUFFIX, Signer, Verifier
from tradectl.release.version import Version

ORDER = ("dev", "stage", "prod")
"""The way of a release."""
RECORD, DEPLOYED = "release.json", "deployed.yaml"
EVIDENCE, KEY = "evidence", "cosign.pub"
IMAGES = {
    "tradectl": ("platform", "envoy"),
    "data": ("percona", "rabbitmq", "redis", "mysqld_exporter", "redis_exporter", "backup", "versitygw"),
}
"""The images that each chart is told of."""
HEAD = b"# Written by `tradectl deploy`.\n"
ROLLBACK = "rollback: "
"""How the commit of one begins."""
TRIES = 5
"""Of a push that others were quicker with."""


class Deployed(msgspec.Struct, frozen=True, kw_only=True):
    """What an environment has: a release, and the charts that it is installed by."""

    release: str
    charts: dict[str, Part]
    by: str
    why: str = ""


@dataclass(frozen=True)
class Change:
    """A commit to an environment; ``at`` is RFC 3339."""

    commit: str
    at: str
    by: str
    release: str
    said: str


class Environments:
    """A checkout of the repository; every change is a commit, and counts once it is pushed."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    def releases(self) -> list[str]:
        """Versions of all releases, oldest first."""
        found = [path.parent.name for path in self.repository.path.glob(f"releases/*/{RECORD}")]
        return sorted(found, key=Version.parse)

    def release(self, version: str) -> Release:
        """TradectlError when there is none."""
        path = self.record(version)
        if not path.exists():
            known = ", ".join(self.releases()[-5:]) or "none yet: tradectl release build"
            raise TradectlError(f"there is no release {version}", f"the last: {known}", ExitCode.NOT_FOUND)
        found = decoded(path.read_bytes())
        if found.version != str(Version.parse(version)):
            said = f"what lies at {version} is the record of {found.version}"
            raise TradectlError(said, "Git's history says who put it there", ExitCode.CHECK_FAILED)
        return found

    def keep(self, release: Release, beside: Path | None = None) -> None:
        """Write a new release down, with what lies beside its record in a folder; TradectlError when another one has
        its version, or a file there is not what the record says.
        """
        path = self.record(release.version)
        if path.exists() and path.read_bytes() == encoded(release):
            return
        self.check_new(release.version)
        path.parent.mkdir(parents=True, exist_ok=True)
        if beside is not None:
            check_files(release, beside)
            self._take(release, beside, path.parent)
        path.write_bytes(encoded(release))
        self.publish(f"release: {release.version}", path.parent)

    def _take(self, release: Release, beside: Path, folder: Path) -> None:
        """The files that a record names, its signature, and evidence."""
        for name in release.files:
            shutil.copyfile(beside / name, folder / name)
        if (signature := beside / f"{RECORD}{SUFFIX}").exists():
            shutil.copyfile(signature, folder / signature.name)
        if (beside / EVIDENCE).exists():
            shutil.copytree(beside / EVIDENCE, folder / EVIDENCE, dirs_exist_ok=True)

    def check_new(self, version: str) -> None:
        """TradectlError when a release has this version."""
        if self.record(version).exists():
            hint = "a release is never changed: tag another version"
            raise TradectlError(f"release {version} is there already", hint, ExitCode.CONFLICT)

    @property
    def verifier(self) -> Verifier | None:
        """What was signed is held against the key that lies here; none where no key does."""
        path = self.repository.path / KEY
        return Verifier(path) if path.exists() else None

    def keep_key(self, public: Path) -> None:
        """Have releases held against a key from now on; TradectlError where it is another one's place."""
        path = self.repository.path / KEY
        if path.exists():
            if path.read_bytes() == public.read_bytes():
                return
            hint = "a new key is a change of the repository that its reviewers see: commit it by hand"
            raise TradectlError(f"{KEY} is there already, and is another one", hint, ExitCode.CONFLICT)
        shutil.copyfile(public, path)
        self.publish("release: the key that releases are signed with", path)

    def evidence(self, version: str) -> list[Evidence]:
        """Everything that was seen of a release; TradectlError for what was not signed, where there is a key."""
        return evidence.read(self._evidence(version), str(Version.parse(version)), self.verifier)

    def witness(self, seen: Evidence, signer: Signer) -> Path:
        """Write down what was seen of a release, signed; where it lies."""
        self.release(seen.release)
        folder = self._evidence(seen.release)
        written = evidence.write(seen, folder, signer)
        self.publish(f"evidence: {seen.release} {seen.name}", folder)
        return written

    def deployed(self, environment: str) -> Deployed | None:
        """What an environment has; none before the first time."""
        path = self.folder(environment) / DEPLOYED
        if not path.exists():
            return None
        return msgspec.yaml.decode(path.read_bytes(), type=Deployed)

    def deploy(self, environment: str, release: Release, why: str) -> str:
        """Have a release in an environment; the commit that says so, which is the last where nothing changes."""
        folder = self.folder(environment)
        folder.mkdir(parents=True, exist_ok=True)
        by = self.repository.run("config", "user.name")
        there = self.deployed(environment)
        if there is not None and (there.release, there.charts) == (release.version, release.charts):
            return self.repository.commit
        written = {DEPLOYED: Deployed(release=release.version, charts=release.charts, by=by, why=why)}
        told = {f"{chart}.yaml": values(release, chart) for chart in release.charts}
        for name, document in {**written, **told}.items():
            (folder / name).write_bytes(HEAD + msgspec.yaml.encode(document))
        said = f"deploy: {environment} to {release.version}\n\n{why}".strip()
        return self.publish(said, folder)

    def history(self, environment: str) -> Iterator[Change]:
        """Every change of what an environment has, the newest first."""
        path = str((self.folder(environment) / DEPLOYED).relative_to(self.repository.path))
        said = self.repository.run("log", "--format=%H%x00%cI%x00%an%x00%s", "--", path)
        for line in said.splitlines():
            commit, at, by, subject = line.split("\0")
            there = msgspec.yaml.decode(self.repository.run("show", f"{commit}:{path}").encode(), type=Deployed)
            yield Change(commit, at, by, there.release, subject)

    def revert(self, environment: str, to: Change, why: str) -> str:
        """Take back every change of an environment after this one, in one commit; the commit."""
        later = []
        for each in self.history(environment):
            if each.commit == to.commit:
                break
            later.append(each.commit)
        self.repository.run("revert", "--no-commit", *later)
        return self.publish(f"{ROLLBACK}{environment} to {to.release}\n\n{why}".strip(), self.folder(environment))

    def publish(self, said: str, *paths: Path) -> str:
        """Commit what lies at these paths, and push on top of whatever others have pushed meanwhile; the commit."""
        run = self.repository.run
        run("add", "--all", "--", *(str(path) for path in paths))
        run("commit", "--quiet", "--message", said)
        for _ in range(TRIES):
            if self.repository.ask("push", "--quiet", "origin", "HEAD") is not None:
                return self.repository.commit
            run("pull", "--quiet", "--rebase")
        run("push", "--quiet", "origin", "HEAD")
        return self.repository.commit

    def folder(self, environment: str) -> Path:
        """Where an environment's files lie."""
        return self.repository.path / "environments" / environment

    def _evidence(self, version: str) -> Path:
        return self.record(version).parent / EVIDENCE

    def record(self, version: str) -> Path:
        """Where a release is written down."""
        return self.repository.path / "releases" / str(Version.parse(version)) / RECORD


def values(release: Release, chart: str) -> dict[str, Any]:
    """What a chart is told of a release; an older one may lack a kind, and the chart says so where it needs it."""
    there = [kind for kind in IMAGES[chart] if kind in release.images]
    return {"images": {kind: msgspec.to_builtins(release.images[kind]) for kind in there}}


def check_files(release: Release, folder: Path) -> None:
    """TradectlError for a file of a release that is not there, or is not the one that its record names."""
    for name, digest in release.files.items():
        path = folder / name
        if not path.is_file():
            raise TradectlError(f"{name} of {release.version} is missing", "", ExitCode.CHECK_FAILED)
        if sha256(path) != digest:
            raise TradectlError(f"{name} is not the one that {release.version} names", "", ExitCode.CHECK_FAILED)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
