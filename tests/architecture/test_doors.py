"""Each contract of pyproject.toml notices the import that it forbids; in a sound tree none finds anything."""

import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.architecture import skeleton
from tests.architecture.tree import ROOT, program

PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
DOORS = {contract["name"] for contract in tomllib.loads(PROJECT)["tool"]["importlinter"]["contracts"]}

# A door, the module that must not import, and what.
INTRUSIONS = [
    ("Scenarios drive the tool; the tool drives the platform; never back", "sim.venue.app", "tradectl.probes.http"),
    ("Scenarios drive the tool; the tool drives the platform; never back", "services.bff.app", "sim.venue.manifest"),
    ("Kernel stands on contracts; services stand on both and not on each other", "services.chat.api", "services.auth"),
    ("Kernel stands on contracts; services stand on both and not on each other", "services.kernel.uow", "services.bff"),
    ("The simulators share the wire with the platform, nothing else", "sim.venue.app", "services.kernel.uow"),
    ("Rooms of a service", "services.orders.domain", "services.orders.store"),
    ("Rooms of a service", "services.orders.api", "services.orders.gateway"),
    ("Rooms of a service", "services.orders.attic", "services.orders"),
    ("Domain is pure", "services.orders.domain", "asyncio"),
    ("Domain is pure", "services.contracts.manifest", "sqlalchemy"),
    ("The tool knows services by manifest and contract only", "tradectl.probes.http", "services.orders.store"),
    ("The tool knows services by manifest and contract only", "tradectl.stack.topology", "fastapi"),
    ("The tool knows simulators by manifest only", "tradectl.stack.topology", "sim.venue.app"),
    ("The core of tradectl is headless", "tradectl.probes.http", "rich.table"),
    ("The core of tradectl is headless", "tradectl.smoke", "tradectl.cli.app"),
    ("The core of tradectl is headless", "tradectl.overview.facts", "textual.app"),
    ("A desk needs no screen", "tradectl.desk.desk", "textual.app"),
    ("A desk needs no screen", "tradectl.desk.desk", "tradectl.tui.app"),
    ("How terminals look is known to them and knows none of them", "tradectl.looks.themes", "tradectl.dash.app"),
    ("Widgets get plain data", "tradectl.tui.widgets.ladder", "tradectl.desk.desk"),
    ("Widgets get plain data", "tradectl.tui.widgets.ladder", "tradectl.tui.screens.market"),
    ("A store of backups knows nothing of sandboxes", "tradectl.backup.manifest", "tradectl.stack.containers"),
    ("S3's library is known to one store alone", "tradectl.backup.manifest", "boto3"),
    ("A dashboard is plain data", "tradectl.dashboards.model", "grafana_foundation_sdk.builders"),
    ("What is generated follows from manifests, not from what runs", "tradectl.render.compose", "docker"),
    ("What is generated follows from manifests, not from what runs", "tradectl.render.compose", "tradectl.probes.http"),
    ("Only the room for tests needs pytest", "tradectl.probes.http", "pytest"),
    ("Only the room for tests needs pytest", "tradectl.stack.topology", "tradectl.testing"),
    ("Manifests are data and need no kernel", "services.orders.manifest", "services.kernel.uow"),
    ("Manifests are data and need no kernel", "sim.venue.manifest", "services.runtime.log"),
    ("Handlers know neither SQL nor HTTP", "services.orders.handlers", "sqlalchemy"),
    ("Handlers know neither SQL nor HTTP", "services.orders.handlers", "fastapi"),
    ("Gateways reach the store by handlers", "services.orders.gateway", "services.orders.store"),
    ("No HTTP in contracts", "services.contracts.manifest", "httpx"),
    ("No socket in FIX's session", "services.fix.session", "asyncio"),
    ("No cycles", "sim.venue.app", "sim.mail"),
]


def _broken(root: Path) -> set[str]:
    lint = subprocess.run(
        [program("lint-imports"), "--no-cache", "--no-logo"], cwd=root, capture_output=True, text=True, check=False
    )
    assert "Contracts: " in lint.stdout, lint.stdout + lint.stderr
    return {line.partition(" BROKEN")[0] for line in lint.stdout.splitlines() if " BROKEN" in line}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    skeleton.build(tmp_path, PROJECT)
    return tmp_path


def test_a_sound_tree_passes_every_door(tree: Path) -> None:
    assert not _broken(tree)


def test_every_door_is_shown_to_hold() -> None:
    assert {door for door, _, _ in INTRUSIONS} == DOORS


@pytest.mark.parametrize(("door", "module", "imported"), INTRUSIONS)
def test_a_door_notices_an_intruder(tree: Path, door: str, module: str, imported: str) -> None:
    skeleton.append(tree, module, f"import {imported}")
    assert door in _broken(tree)
