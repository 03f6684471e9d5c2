"""What a release is: an immutable record of everything that has to be the same wherever it goes."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from services.contracts.migrations import CONTRACT, late
from tradectl.errors import ExitCode, TradectlError

FORM = 1
Mark = Literal["expand", "contract"]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """An image or a chart in a registry, found by its digest alone."""

    repository: str
    digest: str

    @property
    def address(self) -> str:
        return f"{self.repository}@{self.digest}"


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """A revision of a service's schema; what contracts, the release before it cannot live with."""

    service: str
    revision: str
    mark: Mark


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """``built`` is wall time, RFC 3339; ``files`` are the SHA-256 of what lies beside it: SBOM, scans, licences."""

    form: int = FORM
    version: str
    commit: str
    built: str
    images: dict[str, Part]
    charts: dict[str, Part]
    migrations: list[Migration]
    files: dict[str, str] = {}


def encoded(release: Release) -> bytes:
    """Always the same bytes: it is signed."""
    return msgspec.json.format(msgspec.json.encode(release, order="sorted"), indent=1) + b"\n"


def decoded(text: bytes) -> Release:
    """TradectlError for what is no release, or is one of a later tool."""
    try:
        release = msgspec.json.decode(text, type=Release)
    except msgspec.DecodeError as error:
        raise TradectlError(f"this is no release: {error}", "", ExitCode.BAD_INPUT) from error
    if release.form != FORM:
        hint = "update tradectl"
        raise TradectlError(f"release {release.version} is of form {release.form}", hint, ExitCode.BAD_INPUT)
    return release


def beyond(migrations: Sequence[Migration], known: Sequence[Migration]) -> list[Migration]:
    """Those that the other release does not know, in their order."""
    there = {(each.service, each.revision) for each in known}
    return [each for each in migrations if (each.service, each.revision) not in there]


def stands_between(newer: Release, older: Release) -> list[Migration]:
    """Why the older one cannot follow the newer: what contracted the schemas between them."""
    return [each for each in beyond(newer.migrations, older.migrations) if each.mark == CONTRACT]


def misses(newer: Release, older: Release) -> list[Migration]:
    """Why the newer one cannot follow the older at once: what expands behind a contract that has not been run."""
    missing = beyond(newer.migrations, older.migrations)
    behind = {
        (service, revision)
        for service in dict.fromkeys(each.service for each in missing)
        for revision in late([(each.revision, each.mark) for each in missing if each.service == service])
    }
    return [each for each in missing if (each.service, each.revision) in behind]
