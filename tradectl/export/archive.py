"""The report's file: every piece masked on its way in, and what could not be had named inside."""

import io
import json
import os
import tarfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.export.masking import Masker
from tradectl.export.pieces import Make, Report
from tradectl.probes import http

README = """A bug report of the sandbox {name}, written by `tradectl export` at {time} UTC.

manifests, versions, machine, status   what is installed, what each part is and how it was
configuration/                         what it was started with; passwords, keys and tokens are masked
logs/                                  the last lines of each part; fields like trace_id and order_id join them
traces.json                            the last requests and those that went wrong: when, through which services, orders
events/                                what was under way, numbers sent and seen, events that were set aside
fix/                                   the messages that orders and the broker sent last, | for SOH
world/                                 clock, feeds, mail and pushes
state.json, audit.json                 the last rows of each table, and all rows held against the venue's record
missing.json                           pieces that could not be had, and why
"""
Told = Callable[[str], None]


@dataclass(frozen=True)
class Written:
    """Where it lies; ``missing`` says why a piece is not in it."""

    path: Path
    size: int
    pieces: list[str]
    missing: dict[str, str]


def default_path(report: Report) -> Path:
    """In this folder, named by sandbox and time."""
    return Path(f"tradectl-{report.sandbox.name}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.tar.gz")


def write(report: Report, path: Path, told: Told) -> Written:
    """Whole, or not at all; readable by its owner alone. TradectlError when the place cannot be written."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
            names, missing = fill(archive, report, path.name.partition(".tar")[0], told)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        hint = "name a place that can be written: --out /tmp/report.tar.gz"
        raise TradectlError(f"{path}: {error.strerror or error}", hint, ExitCode.BAD_INPUT) from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return Written(path, path.stat().st_size, names, missing)


def fill(archive: tarfile.TarFile, report: Report, folder: str, told: Told) -> tuple[list[str], dict[str, str]]:
    """Every piece that can be had; one that cannot is no reason to have no report."""
    masker = Masker(report.secrets())
    missing: dict[str, str] = {}
    names: list[str] = []
    for name, make in report.pieces():
        told(name)
        try:
            put(archive, f"{folder}/{name}", masked(masker, make))
            names.append(name)
        except (TradectlError, http.UnreachableError, OSError, ValueError, LookupError) as error:
            missing[name] = masker.text(f"{type(error).__name__}: {error}")
    put(archive, f"{folder}/missing.json", as_json(missing))
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    put(archive, f"{folder}/README.txt", README.format(name=report.sandbox.name, time=now))
    return names, missing


def masked(masker: Masker, make: Make) -> str:
    """A piece as text, without secrets."""
    made = make()
    if isinstance(made, str):
        return "".join(masker.line(line.rstrip("\n")) + "\n" for line in made.splitlines())
    return as_json(masker.document(plain(made)))


def plain(value: Any) -> Any:
    """Anything as JSON knows it; what it does not know becomes text before it is masked."""
    return json.loads(json.dumps(value, default=str))


def as_json(document: object) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def put(archive: tarfile.TarFile, name: str, text: str) -> None:
    """One file of the archive."""
    data = text.encode(errors="replace")
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(data), int(time.time()), 0o600
    archive.addfile(entry, io.BytesIO(data))
