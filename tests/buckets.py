"""A real S3 for tests: versitygw over a folder, where the lab has built it; else tests are skipped and say why."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tradectl.probes.eventually import eventually
from tradectl.stack.containers.addresses import free

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

PROGRAM = "versitygw"
LAB = Path("/opt/lab/bin")


class Gateway:
    """A running S3 and who may use it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free(1)[0]
        self._process: subprocess.Popen[bytes] | None = None
        self.data = folder / "data"
        (folder / "versions").mkdir()
        self.data.mkdir()
        self.credentials: Mapping[str, str] = {
            "AWS_ACCESS_KEY_ID": "backups",
            "AWS_SECRET_ACCESS_KEY": uuid.uuid4().hex,
        }

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        access, secret = self.credentials.values()
        environment = {**os.environ, "ROOT_ACCESS_KEY": access, "ROOT_SECRET_KEY": secret}
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [program(), "--quiet", "--port", f"127.0.0.1:{self.port}", "posix", *self._folders()],
                env=environment,
                stdout=log,
                stderr=log,
            )
        eventually(self._answers, 20.0, what="an S3 that answers")

    def _folders(self) -> list[str]:
        return ["--versioning-dir", str(self._folder / "versions"), str(self.data)]

    def _answers(self) -> bool | None:
        try:
            self.client().list_buckets()
        except (BotoCoreError, ClientError):
            return None
        return True

    def stop(self) -> None:
        """At once, in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def client(self) -> "S3Client":
        access, secret = self.credentials.values()
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=access,
            aws_secret_access_key=secret,
        )

    def bucket(self, *, locks: bool = False, endpoint: str | None = None) -> str:
        """The URL of a new bucket, by another endpoint where one leads here."""
        name = f"b-{uuid.uuid4().hex[:12]}"
        self.client().create_bucket(Bucket=name, ObjectLockEnabledForBucket=locks)
        return f"s3://{name}/platform?endpoint={quote(endpoint or self.endpoint)}"


def program() -> str:
    found = shutil.which(PROGRAM) or (str(LAB / PROGRAM) if (LAB / PROGRAM).exists() else None)
    if found is None:
        why = f"there is no {PROGRAM} here: lab/tools {PROGRAM} builds it"
        if os.environ.get("TRADECTL_REQUIRE_ENGINE") == "1":
            pytest.fail(why)
        pytest.skip(why)
    return found


@contextmanager
def gateway(folder: Path) -> Iterator[Gateway]:
    """An S3 for as long as it is needed; its credentials are in the environment meanwhile."""
    program()
    served = Gateway(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in served.credentials.items():
            patch.setenv(name, value)
        served.start()
        try:
            yield served
        finally:
            served.stop()
