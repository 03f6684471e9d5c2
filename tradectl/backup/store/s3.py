"""A bucket of any S3 as a store, by boto3: credentials come by its own ways, the environment first."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any, cast

from tradectl.backup.failures import absent, full, refused, unreachable
from tradectl.backup.sealing import Readable
from tradectl.backup.store.store import LockedError, Stored
from tradectl.errors import TradectlError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from types_boto3_s3 import S3Client

PIECE = 8 << 20
"""Bytes of a part; of a larger object several are on their way, and it is there when all are."""
ATTEMPTS = 3
CONNECT, READ = 5, 30
"""Seconds."""
MISSING = {"NoSuchKey", "404", "NotFound"}
REFUSED = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "NoSuchBucket", "403", "InvalidBucketName"}
LOCKED = {"AccessDenied", "ObjectLocked", "InvalidRequest"}
FULL = {"QuotaExceeded", "InsufficientStorage", "EntityTooLarge", "XMinioStorageFull", "507"}
NO_LOCK = {
    "ObjectLockConfigurationNotFoundError",
    "ObjectLockConfigurationNotFound",
    "NotImplemented",
    "MethodNotAllowed",
    "InvalidRequest",
}


class Bucket:
    """See Store; ``endpoint`` is a URL, Amazon's without one."""

    def __init__(self, bucket: str, prefix: str, endpoint: str | None, region: str | None) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._endpoint = endpoint
        self._region = region

    @property
    def name(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    @cached_property
    def _client(self) -> "S3Client":
        import boto3
        from botocore.config import Config

        config = Config(
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            connect_timeout=CONNECT,
            read_timeout=READ,
            s3={"addressing_style": "path" if self._endpoint else "auto"},
        )
        region = self._region or ("us-east-1" if self._endpoint else None)
        return boto3.Session().client("s3", endpoint_url=self._endpoint, region_name=region, config=config)

    @cached_property
    def locks(self) -> bool:
        """Whether the bucket was made with object lock."""
        from botocore.exceptions import ClientError

        with self._explained("its lock"):
            try:
                said = self._client.get_object_lock_configuration(Bucket=self._bucket)
            except ClientError as error:
                if _code(error) in NO_LOCK:
                    return False
                raise
            return bool(said.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled")

    def put(self, key: str, source: Readable, keep: int | None = None) -> None:
        """What was sent of one that is cut off is withdrawn by boto3."""
        from boto3.s3.transfer import TransferConfig

        locked: dict[str, Any] = {}
        if keep is not None and self.locks:
            until = datetime.fromtimestamp(keep, UTC)
            locked = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
        config = TransferConfig(multipart_threshold=PIECE, multipart_chunksize=PIECE, max_concurrency=2)
        with self._explained(key):
            self._client.upload_fileobj(
                cast("IO[bytes]", _Source(source)),
                self._bucket,
                self._prefix + key,
                ExtraArgs=locked or None,
                Config=config,
            )

    @contextmanager
    def get(self, key: str) -> Iterator[Readable]:
        with self._explained(key):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
        body = answer["Body"]
        try:
            yield _Body(self, key, body)
        finally:
            body.close()

    def list(self, prefix: str) -> list[Stored]:
        with self._explained(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix + prefix
            )
            found = [each for page in pages for each in page.get("Contents", [])]
        return sorted(Stored(each["Key"][len(self._prefix) :], each["Size"]) for each in found)

    def remove(self, key: str) -> None:
        """With every version of it: a mark that it is gone would keep its bytes for ever."""
        whole = self._prefix + key
        if not self.locks:
            with self._explained(key):
                self._client.delete_object(Bucket=self._bucket, Key=whole)
            return
        with self._explained(key):
            answer = self._client.list_object_versions(Bucket=self._bucket, Prefix=whole)
        for each in [*answer.get("Versions", []), *answer.get("DeleteMarkers", [])]:
            if each.get("Key") == whole:
                self._remove_version(key, each["VersionId"])

    def _remove_version(self, key: str, version: str) -> None:
        from botocore.exceptions import ClientError

        whole = self._prefix + key
        try:
            with self._explained(key):
                self._client.delete_object(Bucket=self._bucket, Key=whole, VersionId=version)
        except TradectlError as error:
            cause = error.__cause__
            if isinstance(cause, ClientError) and _code(cause) in LOCKED:
                raise LockedError(self._locked_until(whole, version)) from error
            raise

    def _locked_until(self, whole: str, version: str) -> str:
        with self._explained(whole):
            said = self._client.get_object_retention(Bucket=self._bucket, Key=whole, VersionId=version)
            return said["Retention"]["RetainUntilDate"].isoformat(timespec="seconds")

    @contextmanager
    def _explained(self, about: str) -> Iterator[None]:
        """S3's errors as the tool's."""
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            raise self._said(about, error) from error
        except (BotoCoreError, Boto3Error, OSError) as error:
            cause = error.__cause__ or error.__context__
            if isinstance(cause, TradectlError):
                raise cause from error
            if isinstance(cause, ClientError):
                raise self._said(about, cause) from error
            raise unreachable(self.name, error) from error

    def _said(self, about: str, error: "ClientError") -> TradectlError:
        code = _code(error)
        if code in MISSING:
            return absent(about, self.name)
        if code in FULL:
            return full(self.name)
        return refused(self.name, error) if code in REFUSED else unreachable(self.name, error)


def _code(error: "ClientError") -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


class _Source:
    """What boto3 takes for a file that cannot be read twice."""

    def __init__(self, source: Readable) -> None:
        self._source = source

    def read(self, size: int = -1) -> bytes:
        return self._source.read(size)


class _Body:
    """An answer's body whose failures in the middle are the store's."""

    def __init__(self, store: Bucket, key: str, body: Any) -> None:
        self._store = store
        self._key = key
        self._body = body

    def read(self, size: int, /) -> bytes:
        with self._store._explained(self._key):
            return bytes(self._body.read(size))
