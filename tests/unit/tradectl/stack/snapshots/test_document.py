"""What a snapshot says of itself, and which tradectl can go on with it."""

from dataclasses import replace

from tradectl.stack.settings import RunSettings
from tradectl.stack.snapshots.document import Snapshot, schema
from tradectl.stack.topology import platform

SNAPSHOT = Snapshot(
    name="funded",
    sandbox="default",
    taken="2026-01-01T00:00:00.000000Z",
    backend="embedded",
    market=None,
    pace=None,
    tradectl="1.0.0",
    schema={"auth": "0001_first", "orders": "0002_second"},
    settings={"seed": 7, "only": ["chat"], "scale": {}},
    files={"data/auth.db": 10, "secrets.json": 5},
)


def test_it_fits_the_tradectl_and_the_tables_that_it_was_made_with() -> None:
    assert list(SNAPSHOT.unfit("1.0.0", SNAPSHOT.schema)) == []


def test_another_release_is_named() -> None:
    assert list(SNAPSHOT.unfit("1.1.0", SNAPSHOT.schema)) == ["it is of tradectl 1.0.0, this is 1.1.0"]


def test_each_service_whose_tables_differ_is_named_with_both_revisions() -> None:
    ours = {"auth": "0001_first", "orders": "0003_third", "chat": "0001_first"}
    assert list(SNAPSHOT.unfit("1.0.0", ours)) == [
        "its tables of chat are at no tables, here they are at 0001_first",
        "its tables of orders are at 0002_second, here they are at 0003_third",
    ]


def test_its_size_is_that_of_its_files() -> None:
    assert SNAPSHOT.size == 15


def test_its_settings_are_those_of_the_sandbox() -> None:
    assert SNAPSHOT.run_settings == RunSettings(seed=7, only=("chat",))


def test_another_revision_is_another_fingerprint() -> None:
    other = replace(SNAPSHOT, schema={**SNAPSHOT.schema, "orders": "0003_third"})
    assert len(SNAPSHOT.fingerprint) == 8
    assert other.fingerprint != SNAPSHOT.fingerprint


def test_every_service_with_a_database_has_a_revision() -> None:
    assert schema().keys() == {service.name for service in platform().services if service.database}
