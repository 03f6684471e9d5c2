"""Every service's migrations make the tables that its store declares, and say what they do to the release before."""

from importlib import import_module
from pathlib import Path
from runpy import run_path

import pytest

from services.contracts.manifest import ServiceManifest
from services.contracts.migrations import revisions
from services.kernel import migrations
from services.kernel.database import Database
from services.runtime.clock import WALL
from tests import parts
from tests.architecture.tree import ROOT

SERVICES = sorted(path.parent.parent.name for path in ROOT.glob("services/*/migrations/versions"))


def test_every_service_with_a_database_has_migrations() -> None:
    manifests = [import_module(f"services.{path.parent.name}.manifest") for path in ROOT.glob("services/*/manifest.py")]
    found: list[ServiceManifest] = [module.MANIFEST for module in manifests if hasattr(module, "MANIFEST")]
    assert sorted(manifest.name for manifest in found if manifest.database) == SERVICES


@pytest.mark.parametrize("service", SERVICES)
async def test_the_migrated_schema_is_the_one_declared(service: str, tmp_path: Path) -> None:
    database = Database(parts.of(tmp_path).bare_database(service), WALL)
    try:
        await migrations.upgrade(database, service)
        async with database.reading() as connection:
            metadata = import_module(f"services.{service}.store").metadata
            assert await connection.run_sync(migrations.differences, metadata) == []
    finally:
        await database.close()


@pytest.mark.parametrize("service", SERVICES)
def test_revisions_are_called_as_their_files_and_say_what_they_are(service: str) -> None:
    before = None
    folder = migrations.folder_of(f"services.{service}")
    for name in revisions(folder):
        revision = run_path(str(folder / "versions" / f"{name}.py"))
        assert (revision["revision"], revision["down_revision"]) == (name, before)
        assert revision["mark"] in {"expand", "contract"}
        before = name
