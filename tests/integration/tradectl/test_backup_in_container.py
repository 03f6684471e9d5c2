"""Backups as a cluster runs them: one container of the image with the clients, and configuration alone."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docker
import pytest

from tests import containers
from tests.buckets import Gateway, gateway
from tests.integration.tradectl.primaries import Primary, started

KEY = bytes(32)
NAME = "desk"


class InContainer:
    """`tradectl backup` as a cluster runs it: one container, a read-only file system, secrets in files, no engine."""

    IMAGE = os.environ.get("TRADECTL_IMAGE_BACKUP", "tradectl/backup:dev")
    ROOT = Path(__file__).parents[3]
    USER = 10001

    def __init__(self, folder: Path, primary: Primary, bucket: str, s3: Gateway) -> None:
        self._secrets = folder / "secrets"
        self._secrets.mkdir()
        access, secret = s3.credentials.values()
        self._lay("key", KEY.hex())
        self._lay("password", containers.PASSWORD)
        self._lay("aws", f"[default]\naws_access_key_id={access}\naws_secret_access_key={secret}\n")
        self._environment = {
            "TRADECTL_BACKUP_DATABASE": f"mysql://root@127.0.0.1:{primary.login.port}",
            "TRADECTL_BACKUP_DATABASE_PASSWORD_FILE": "/run/secrets/password",
            "TRADECTL_BACKUP_KEY_FILE": "/run/secrets/key",
            "TRADECTL_BACKUP_STORE": bucket,
            "AWS_SHARED_CREDENTIALS_FILE": "/run/secrets/aws",
            "NO_COLOR": "1",
        }

    def _lay(self, name: str, content: str) -> None:
        path = self._secrets / name
        path.write_text(content)
        os.chown(path, self.USER, self.USER)
        path.chmod(0o400)

    def run(self, *arguments: str) -> Any:
        """The document that it writes; what it says on stderr is in the error of the library."""
        sources = {str(self.ROOT / room): f"/opt/platform/{room}" for room in ("tradectl", "services", "sim")}
        mounts = {str(self._secrets): "/run/secrets", **sources}
        engine = docker.from_env()
        try:
            said = engine.containers.run(
                self.IMAGE,
                ["tradectl", "backup", *arguments, "--name", NAME, "--json"],
                environment=self._environment,
                network="host",
                read_only=True,
                cap_drop=["ALL"],
                tmpfs={"/tmp": "", "/var/lib/tradectl": f"uid={self.USER}"},
                volumes={here: {"bind": there, "mode": "ro"} for here, there in mounts.items()},
                remove=True,
            )
        finally:
            engine.close()
        return json.loads(said.splitlines()[-1] if arguments[0] == "ship" else said)


@pytest.fixture
def primary() -> Iterator[Primary]:
    with started() as server:
        server.fill()
        yield server


@pytest.fixture
def s3(tmp_path: Path) -> Iterator[Gateway]:
    (tmp_path / "s3").mkdir()
    with gateway(tmp_path / "s3") as served:
        yield served


@pytest.fixture
def clustered(primary: Primary, s3: Gateway, tmp_path: Path) -> InContainer:
    why = None if os.getuid() == 0 else "secrets of another user are root's to make"
    if not docker.from_env().images.list(InContainer.IMAGE):
        why = f"there is no image {InContainer.IMAGE}: compose/images/build-backup makes it"
    if why:
        pytest.skip(why)
    return InContainer(tmp_path, primary, s3.bucket(), s3)


@pytest.mark.night
def test_in_one_container_configuration_alone_makes_ships_verifies_and_restores(
    primary: Primary, clustered: InContainer
) -> None:
    first = clustered.run("create")
    assert (first["backend"], first["sandbox"], first["rows"]) == ("server", NAME, 1)
    primary.write(2)
    moment = time.time_ns() // 1_000
    primary.write(3)
    assert clustered.run("ship", "--for", "2")["shipped"]
    assert clustered.run("verify")["id"] == first["id"]
    primary.lose()
    at = datetime.fromtimestamp(moment / 1_000_000, UTC).isoformat()
    assert clustered.run("restore", "--at", at)["transactions"] == 1
    assert primary.numbers == [1, 2]
