"""A release that nobody may deploy yet: built and pushed, each part by its digest; its record is not signed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tradectl.errors import ExitCode, TradectlError
from tradectl.release import version
from tradectl.release.assembly import images
from tradectl.release.environments import IMAGES, RECORD
from tradectl.release.git import Repository
from tradectl.release.migrations import migrations
from tradectl.release.program import run
from tradectl.release.record import Part, Release, decoded, encoded
from tradectl.release.registry import Registry
from tradectl.stack.topology import platform

CHARTS = {"tradectl": "compose/kubernetes/chart", "data": "compose/kubernetes/data"}
"""Where each chart of a release lies."""
VARIABLES = "release.env"
"""What jobs after it are told, in GitLab's form of a dotenv report."""
NAME = "tradectl"
"""What images of a registry are under."""
Told = Callable[[str, str], None]
"""Something that was done, and what came of it."""


@dataclass(frozen=True)
class Plan:
    """What would be built from a checkout; ``image`` is one that was built already, and is not built again."""

    root: Path
    registry: Registry
    version: str
    commit: str
    image: str = ""
    twice: bool = False

    @property
    def tag(self) -> str:
        """The platform's image in this machine's engine."""
        return self.image or f"{NAME}/{images.PLATFORM}:{self.version}"


def planned(root: Path, registry: Registry, *, image: str = "", twice: bool = False) -> Plan:
    """TradectlError for a checkout without a tag, or one that is not as it was committed."""
    repository = Repository(root)
    found = str(version.of(repository))
    return Plan(root, registry, found, repository.commit, image, twice)


def drafted(plan: Plan, folder: Path, tell: Told) -> Release:
    """Build and push everything, and write the record into a folder."""
    if not plan.image:
        _build(plan, partial(images.built, plan.root), plan.tag, tell)
    built = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    plan.registry.log_in()
    release = Release(
        version=plan.version,
        commit=plan.commit,
        built=built,
        images={kind: _image(plan, kind, tell) for kind in images.kinds()},
        charts=_charts(plan, tell),
        migrations=list(migrations(plan.root, platform())),
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RECORD).write_bytes(encoded(release))
    (folder / VARIABLES).write_text(f"RELEASE={release.version}\n", encoding="utf-8")
    return release


def read(folder: Path) -> Release:
    """What lies in a folder; TradectlError where nothing does."""
    path = folder / RECORD
    if not path.exists():
        hint = "`tradectl release build --draft FOLDER` makes one"
        raise TradectlError(f"{folder} has no draft of a release", hint, ExitCode.NOT_FOUND)
    return decoded(path.read_bytes())


def _build(plan: Plan, build: Callable[[str], str], tag: str, tell: Told) -> None:
    digest = images.twice(build, tag) if plan.twice else build(tag)
    tell("built", f"{tag} {digest[:19]}{', twice the same' if plan.twice else ''}")


def _image(plan: Plan, kind: str, tell: Told) -> Part:
    if kind == images.PLATFORM:
        name = plan.tag
    elif kind == images.BACKUP:
        name = f"{NAME}/{kind}:{plan.version}"
        _build(plan, partial(images.backup, plan.root, plan.tag), name, tell)
    else:
        name = images.source(kind)
    part = plan.registry.push_image(name, f"{NAME}/{kind}", plan.version)
    tell("pushed", part.address)
    return part


def _charts(plan: Plan, tell: Told) -> dict[str, Part]:
    found = {}
    with TemporaryDirectory() as work:
        for chart in IMAGES:
            folder = plan.root / CHARTS[chart]
            found[chart] = plan.registry.push_chart(folder, plan.version, Path(work))
            tell("pushed", found[chart].address)
    return found


def pulled(part: Part) -> str:
    """An image of a registry in this machine's engine; its name there."""
    run("docker", "pull", "--quiet", part.address)
    return part.address
