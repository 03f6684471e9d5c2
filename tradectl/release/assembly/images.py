"""The images of a release: the platform's and that of backups are built, the others are kept as they are."""

import os
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.environments import IMAGES
from tradectl.release.program import run
from tradectl.render.compose.images import IMAGES as NAMES

PLATFORM, BACKUP = "platform", "backup"
BUILD, BUILD_BACKUP = Path("compose/images/build"), Path("compose/images/build-backup")
TIMED = "PATH must have buildah, or docker buildx: Docker's older builder has another digest each time"


def kinds() -> list[str]:
    """Those that a chart is told of."""
    return [kind for those in IMAGES.values() for kind in those]


def built(root: Path, tag: str) -> str:
    """The platform's image under a tag; its digest in the engine, which follows from the commit."""
    return run(str(root / BUILD), tag, folder=root).split()[-2]


def twice(build: Callable[[str], str], tag: str) -> str:
    """Build, and once more: TradectlError where the second is another one."""
    first, again = build(tag), build(f"{tag}-again")
    run("docker", "image", "rm", f"{tag}-again")
    if first != again:
        said = f"two builds of one commit are two images: {first} and {again}"
        raise TradectlError(said, TIMED, ExitCode.CHECK_FAILED)
    return first


def backup(root: Path, platform: str, tag: str) -> str:
    """The image of backups, upon the platform's, with the clients of the release's own database; its digest."""
    told = (f"TRADECTL_IMAGE_PLATFORM={platform}", f"TRADECTL_IMAGE_PERCONA={source('percona')}")
    return run("env", *told, str(root / BUILD_BACKUP), tag, folder=root).split()[-2]


def source(kind: str) -> str:
    """Another image: by its variable, TRADECTL_IMAGE_REDIS, or as Compose has it; pulled if it is not here."""
    name = os.environ.get(f"TRADECTL_IMAGE_{kind.upper()}") or NAMES[kind]
    if not run("docker", "image", "ls", "--quiet", name):
        run("docker", "pull", "--quiet", name)
    return name


def take(image: str, wanted: Callable[[str], bool], into: Path) -> None:
    """The files of an image whose paths are wanted, under a folder; it is not started, and links are left out."""
    container = run("docker", "create", image)
    try:
        command = ["docker", "export", container]
        with (
            subprocess.Popen(command, stdout=subprocess.PIPE) as export,
            tarfile.open(fileobj=export.stdout, mode="r|") as files,
        ):
            for member in files:
                if member.isfile() and wanted(member.name):
                    files.extract(member, into, filter="data")
    finally:
        run("docker", "rm", container)
