"""What is new since the release before: migrations, read and not run, and events, as each tree itself says."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from services.contracts.migrations import CONTRACT, marks
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.program import run
from tradectl.release.record import Migration

PROBE = """
import importlib, json, pkgutil, msgspec, services.contracts.events as events
from services.contracts.event import REGISTRY
for each in pkgutil.iter_modules(events.__path__):
    importlib.import_module(f"{events.__name__}.{each.name}")
print(json.dumps({f"{name} {version}": msgspec.json.schema(kind) for (name, version), kind in REGISTRY.items()}))
"""
Schemas = Mapping[str, Any]
"""By `name version` of an event."""


@dataclass(frozen=True)
class News:
    """Events are told as `name version`; one that has ``changed`` is another under the version that it had."""

    migrations: list[Migration]
    added: list[str]
    gone: list[str]
    changed: list[str]

    @property
    def contracts(self) -> list[Migration]:
        """What the release before cannot live with."""
        return [each for each in self.migrations if each.mark == CONTRACT]


def news(old: Path, new: Path, services: Iterable[str]) -> News:
    """From one tree to the other."""
    known, there = events(old), events(new)
    return News(
        migrations=list(added(old, new, services)),
        added=sorted(there.keys() - known.keys()),
        gone=sorted(known.keys() - there.keys()),
        changed=sorted(each for each in known.keys() & there.keys() if known[each] != there[each]),
    )


def added(old: Path, new: Path, services: Iterable[str]) -> Iterable[Migration]:
    """Migrations that the later tree alone has, oldest first."""
    for service in services:
        known = _marks(old, service)
        for revision, mark in _marks(new, service).items():
            if revision not in known:
                yield msgspec.convert({"service": service, "revision": revision, "mark": mark}, Migration)


def _marks(root: Path, service: str) -> Mapping[str, str]:
    folder = root / "services" / service / "migrations"
    try:
        return marks(folder) if folder.is_dir() else {}
    except LookupError as error:
        raise TradectlError(str(error), "a release says what may follow it", ExitCode.BAD_INPUT) from error


def events(root: Path) -> Schemas:
    """Every event of a tree with its schema, as its own code has it."""
    said = run("env", f"PYTHONPATH={root}", sys.executable, "-P", "-c", PROBE)
    found: Schemas = msgspec.json.decode(said)
    return {event: without_words(schema) for event, schema in found.items()}


def without_words(schema: Any) -> Any:
    """A schema without its descriptions: what is said otherwise is the same."""
    if isinstance(schema, dict):
        return {name: without_words(each) for name, each in schema.items() if name != "description"}
    return [without_words(each) for each in schema] if isinstance(schema, list) else schema
