"""A release of a small tagged checkout, by the command line: a real engine, registry, Helm, cosign and Git."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import charts, composing, registries
from tests.architecture.tree import ROOT
from tests.e2e.test_image import platform_base, without_builder
from tests.e2e.tool import Result, Tool
from tests.integration.tradectl.release import repositories
from tradectl.release.assembly.images import kinds
from tradectl.release.git import Repository, clone
from tradectl.release.program import run
from tradectl.release.signing import make_keys

pytestmark = pytest.mark.timeout(900)
PLACES = ("compose", "requirements", "security")
KINDS = ("ENVOY", "RABBITMQ", "REDIS", "MYSQLD_EXPORTER", "REDIS_EXPORTER", "VERSITYGW")
"""What is pushed and not looked into; the image of backups has the clients of a real database."""


@dataclass(frozen=True)
class Builder:
    """Whoever builds, with a checkout, an environments repository, a registry and keys."""

    tool: Tool
    checkout: Repository
    origin: Path
    told: dict[str, str]

    def release(self, *arguments: str, **more: str) -> Result:
        return self.tool.run("release", *arguments, **{**self.told, **more})

    def build(self, *arguments: str) -> Result:
        image = ("--image", composing.PLATFORM)
        return self.release("build", "--checkout", str(self.checkout.path), *image, *arguments, "--json")

    @contextmanager
    def changed(self, folder: Path, name: str, before: str, after: str) -> Iterator[None]:
        """Somebody has changed a file of the environments repository by hand, for a while."""
        repository = clone(str(self.origin), folder)
        found = repository.path / name
        path = next(found.glob("*.json")) if found.is_dir() else found
        path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
        repository.run("commit", "--quiet", "--all", "--message", "by hand")
        repository.run("push", "--quiet")
        try:
            yield
        finally:
            repository.run("revert", "--no-edit", "HEAD")
            repository.run("push", "--quiet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("release")


@pytest.fixture(scope="module")
def _programs() -> Iterator[None]:
    charts.need()
    with pytest.MonkeyPatch.context() as patch:
        repositories.need_cosign(patch)
        patch.setenv("GIT_CONFIG_COUNT", "2")
        for number, (name, value) in enumerate({"user.name": "Ann", "user.email": "ann@example.org"}.items()):
            patch.setenv(f"GIT_CONFIG_KEY_{number}", name)
            patch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
        yield


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with registries.registry(folder / "registry") as found:
        yield found
        forget(f"{found}/*/*/*", "tradectl/backup:9.1.0")


def forget(*references: str) -> None:
    """Names of images that a test has made in the engine, and in buildah's own store."""
    for reference in references:
        listed = run(
            "docker",
            "image",
            "ls",
            "--format",
            "{{.Repository}}:{{.Tag}} {{.Digest}}",
            "--filter",
            f"reference={reference}",
        )
        for name, digest in (line.split() for line in listed.splitlines()):
            untagged = f"{name.removesuffix(':<none>')}@{digest}"
            run("docker", "image", "rm", untagged if name.endswith(":<none>") else name, fine=(0, 1))
        if shutil.which("buildah"):
            run("buildah", "rmi", f"localhost/{reference}", fine=range(256))


@pytest.fixture(scope="module")
def builder(folder: Path, address: str, _programs: None) -> Builder:
    if why := composing.without_image():
        pytest.skip(why)
    origin = folder / "environments.git"
    run("git", "init", "--quiet", "--bare", "--initial-branch", "main", str(origin))
    private, _ = make_keys(folder / "keys")
    images = {f"TRADECTL_IMAGE_{kind}": composing.PLATFORM for kind in KINDS}
    told = {
        "TRADECTL_ENVIRONMENTS": str(origin),
        "TRADECTL_REGISTRY": f"{address}/lab",
        "TRADECTL_RELEASE_KEY": str(private),
        **images,
    }
    return Builder(Tool(folder, patience=800), tagged(folder / "platform"), origin, told)


def tagged(folder: Path) -> Repository:
    """What a release needs of this checkout, at a tag."""
    for place in PLACES:
        shutil.copytree(ROOT / place, folder / place, symlinks=True)
    for migrations in ROOT.glob("services/*/migrations"):
        shutil.copytree(migrations, folder / migrations.relative_to(ROOT))
    for values in (folder / "compose/kubernetes").glob("*/values-[sy]*.yaml"):
        values.unlink()
    run("git", "init", "--quiet", str(folder))
    repository = Repository(folder)
    repository.run("add", "--all")
    repository.run("commit", "--quiet", "--message", "a small platform")
    repository.run("tag", "v9.1.0")
    return repository


@pytest.fixture(scope="module")
def built(builder: Builder, folder: Path) -> Result:
    """A whole release, in one command."""
    published = builder.release("keys", "--folder", str(folder / "keys"), "--publish")
    assert published.code == 0, published.err
    done = builder.build()
    assert done.code == 0, done.err[-2_000:]
    return done


def test_a_checkout_that_is_not_as_it_was_committed_is_refused(builder: Builder) -> None:
    stranger = builder.checkout.path / "stranger"
    stranger.touch()
    try:
        refused = builder.build("--dry-run")
    finally:
        stranger.unlink()
    assert refused.code == 9
    assert "stranger is not as it was committed" in refused.err
    assert builder.build("--dry-run").json["version"] == "9.1.0"


def test_a_release_is_everything_by_its_digest(builder: Builder, built: Result, address: str) -> None:
    record = built.json
    assert (record["version"], record["commit"]) == ("9.1.0", builder.checkout.commit)
    assert set(record["images"]) == set(kinds())
    for part in (*record["images"].values(), *record["charts"].values()):
        assert part["repository"].startswith(f"{address}/lab/")
        assert part["digest"].startswith("sha256:")
    assert set(record["files"]) == {"sbom.cdx.json", "sbom-backup.cdx.json", "licences.json", "scans.json"}
    assert record["migrations"]


def test_it_can_be_looked_at_by_whoever_likes(builder: Builder, built: Result) -> None:
    assert [each["version"] for each in builder.release("list", "--json").json["items"]] == ["9.1.0"]
    (seen,) = builder.release("show", "9.1.0", "--json").json["evidence"]
    assert (seen["kind"], seen["ok"]) == ("scans", True)
    checked = builder.release("verify", "9.1.0", "--json")
    assert checked.code == 0, checked.out
    assert len(checked.json["checks"]) == 16


def test_what_is_in_the_image_lies_beside_the_record(builder: Builder, built: Result, tmp_path: Path) -> None:
    beside = clone(str(builder.origin), tmp_path / "there").path / "releases/9.1.0"
    bill = json.loads((beside / "sbom.cdx.json").read_bytes())
    names = {each["name"] for each in bill["components"]}
    assert {"tradectl", "sqlalchemy", "libc6", "python"} <= {each.lower() for each in names}
    backup = json.loads((beside / "sbom-backup.cdx.json").read_bytes())
    assert backup["metadata"]["component"]["name"] == "backup"
    clients = built.json["images"]["percona"]["digest"]
    assert clients in {each["version"] for each in backup["components"]}
    licences = {each["package"]: each["licences"] for each in json.loads((beside / "licences.json").read_bytes())}
    assert licences["pydantic"] == ["MIT"]


def test_a_release_is_built_once(builder: Builder, built: Result) -> None:
    again = builder.build()
    assert again.code == 9
    assert "release 9.1.0 is there already" in again.err


def test_scans_of_another_time_are_no_evidence(builder: Builder, built: Result, tmp_path: Path) -> None:
    report = {"commit": builder.checkout.commit, "at": "2020-01-01T00:00:00Z", "open": [], "accepted": []}
    file = tmp_path / "scans.json"
    scans = ["code", "dependencies", "secrets", "dockerfiles", "charts"]
    file.write_text(json.dumps({**report, "scans": scans}), encoding="utf-8")
    refused = builder.release("evidence", "9.1.0", "--kind", "scans", "--report", str(file))
    assert refused.code == 9
    assert "before 9.1.0 was there" in refused.err


def test_another_key_verifies_nothing(builder: Builder, built: Result, tmp_path: Path) -> None:
    _, other = make_keys(tmp_path / "others")
    checked = builder.release("verify", "9.1.0", "--key", str(other), "--json")
    assert checked.code == 1
    failed = [each["what"] for each in checked.json["checks"] if not each["ok"]]
    assert len(failed) == 14, "all but the files and the evidence, which are held against the repository's own key"


def test_what_was_signed_by_another_is_not_published(builder: Builder, built: Result, tmp_path: Path) -> None:
    """The draft of a release that somebody else has signed."""
    there = clone(str(builder.origin), tmp_path / "there").path / "releases/9.1.0"
    draft = tmp_path / "draft"
    shutil.copytree(there, draft)
    private, _ = make_keys(tmp_path / "others")
    record = draft / "release.json"
    record.write_text(record.read_text(encoding="utf-8").replace("9.1.0", "9.1.1"), encoding="utf-8")
    refused = builder.release("publish", str(draft))
    assert (refused.code, "was not signed with the platform's key" in refused.err) == (1, True)
    record.with_name("release.json.sig").unlink()
    run("cosign", "signing-config", "create", "--out", str(tmp_path / "signing.json"))
    sign = ("sign-blob", "--yes", "--signing-config", str(tmp_path / "signing.json"), "--key", str(private))
    run("cosign", *sign, "--bundle", f"{record}.sig", str(record))
    refused = builder.release("publish", str(draft))
    assert (refused.code, "was not signed with the platform's key" in refused.err) == (1, True)


@pytest.mark.parametrize(
    ("file", "before", "after", "what"),
    [
        ("release.json", '"mark": "expand"', '"mark": "contract"', "record of 9.1.0"),
        ("sbom.cdx.json", '"version": "9.1.0"', '"version": "9.0.0"', "4 files beside it"),
        ("evidence/", '"ok": true', '"ok": true ', "evidence"),
    ],
)
def test_a_file_that_was_changed_is_noticed(
    builder: Builder, built: Result, tmp_path: Path, file: str, before: str, after: str, what: str
) -> None:
    with builder.changed(tmp_path / "there", f"releases/9.1.0/{file}", before, after):
        checked = builder.release("verify", "9.1.0", "--offline", "--json")
    assert checked.code == 1, checked.err
    assert [each["what"] for each in checked.json["checks"] if not each["ok"]] == [what]


@pytest.mark.night
@pytest.mark.timeout(2_400)
def test_two_builds_of_a_tag_are_one_image(builder: Builder, folder: Path) -> None:
    composing.need(without_builder())
    checkout = clone(str(ROOT), folder / "whole")
    checkout.run("tag", "v9.2.0")
    draft = folder / "draft"
    tool = Builder(Tool(folder, patience=2_000), checkout, builder.origin, builder.told)
    built = tool.release(
        "build", "--checkout", str(checkout.path), "--draft", str(draft), "--twice", "--json", **platform_base()
    )
    forget(*(f"tradectl/{kind}:9.2.0{again}" for kind in ("platform", "backup") for again in ("", "-again")))
    assert built.code == 0, built.err
    assert (draft / "release.env").read_text(encoding="utf-8") == "RELEASE=9.2.0\n"
    assert json.loads((draft / "release.json").read_bytes())["files"] == {}, "nobody has signed it yet"
