"""A store by the text that a user writes: a path, or s3://bucket/prefix."""

import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tradectl.backup.store.folder import Folder
from tradectl.backup.store.store import Store
from tradectl.errors import ExitCode, TradectlError

VARIABLE = "TRADECTL_BACKUP_STORE"
HINT = "--to /path/to/a/folder, or --to 's3://bucket/prefix?endpoint=https://host:port'"


def store_at(place: str | None = None) -> Store:
    """The store named, else that of TRADECTL_BACKUP_STORE, else a folder beside the sandboxes."""
    from tradectl.stack.state import home

    said = place or os.environ.get(VARIABLE) or str(home() / "backups")
    address = urlsplit(said)
    if address.scheme == "s3":
        return _bucket(said)
    if address.scheme not in {"", "file"}:
        raise TradectlError(f"{said!r} names no store", HINT, ExitCode.USAGE)
    return Folder(Path(address.path if address.scheme else said).expanduser().absolute())


def _bucket(said: str) -> Store:
    from tradectl.backup.store.s3 import Bucket

    address = urlsplit(said)
    options = {name: values[-1] for name, values in parse_qs(address.query).items()}
    if unknown := options.keys() - {"endpoint", "region"}:
        raise TradectlError(f"{', '.join(sorted(unknown))}: no option of a store", HINT, ExitCode.USAGE)
    if not address.hostname:
        raise TradectlError(f"{said!r} names no bucket", HINT, ExitCode.USAGE)
    return Bucket(address.netloc, address.path.strip("/"), options.get("endpoint"), options.get("region"))
