"""The migrations of a checkout, read and not run."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from services.contracts.migrations import marks
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.record import Migration
from tradectl.stack.topology import Topology


def migrations(root: Path, topology: Topology) -> Iterator[Migration]:
    """Those of each service that a checkout has, oldest first; TradectlError where one does not say what it does."""
    for service in topology.services:
        folder = root / "services" / service.name
        if service.database and folder.is_dir():
            yield from _of(service.name, folder / "migrations")


def _of(service: str, folder: Path) -> Iterator[Migration]:
    try:
        found = marks(folder)
    except LookupError as error:
        raise TradectlError(str(error), "a release says what may follow it", ExitCode.BAD_INPUT) from error
    for revision, mark in found.items():
        yield msgspec.convert({"service": service, "revision": revision, "mark": mark}, Migration)
