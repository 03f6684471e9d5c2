"""What is new since the release before: migrations, read and not run, and events, as each tree itself says."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from services.contracts.migrations import CONTRACT
from tradectl.release.migrations import migrations
from tradectl.release.program import run
from tradectl.release.record import Migration, beyond
from tradectl.stack.topology import platform

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


def news(old: Path, new: Path) -> News:
    """From one tree to the other."""
    parts = platform()
    known, there = events(old), events(new)
    return News(
        migrations=beyond(list(migrations(new, parts)), list(migrations(old, parts))),
        added=sorted(there.keys() - known.keys()),
        gone=sorted(known.keys() - there.keys()),
        changed=sorted(each for each in known.keys() & there.keys() if known[each] != there[each]),
    )


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
