"""What a shipper does where the primary's logs are not those that it left."""

from pathlib import Path

import pytest

from tests.integration.tradectl.primaries import Primary
from tradectl.backup.server.create import create
from tradectl.backup.ship import of_server, shipper
from tradectl.backup.store import Store, store_at
from tradectl.backup.verify import verify
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.eventually import eventually

KEY = bytes(32)
NAME = "desk"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_at(str(tmp_path / "store"))


def shipped(primary: Primary, store: Store) -> None:
    """The last log to its end."""
    with shipper(of_server(primary.login, NAME), store, KEY) as following:

        def there() -> bool | None:
            following.look()
            return following.reached.get(max(primary.log)) == primary.log[max(primary.log)] or None

        eventually(there, 30, what="the whole log in the store", every=0.05)


def test_a_log_of_the_same_name_that_is_another_is_never_taken_for_its_end(primary: Primary, store: Store) -> None:
    shipped(primary, store)
    primary.lose()
    primary.fill()
    primary.write(2, 1 << 16)
    with pytest.raises(TradectlError, match=r"log \S+ is another than the one that was shipped") as caught:
        shipped(primary, store)
    assert caught.value.exit_code is ExitCode.CONFLICT


def test_what_the_primary_has_forgotten_is_said_and_after_a_full_backup_it_is_followed_again(
    primary: Primary, store: Store
) -> None:
    shipped(primary, store)
    primary.run("FLUSH BINARY LOGS")
    primary.write(2)
    primary.run("FLUSH BINARY LOGS", f"PURGE BINARY LOGS TO '{max(primary.log)}'")
    with pytest.raises(TradectlError, match=r"the primary has no log \S+ any more") as caught:
        shipped(primary, store)
    assert (caught.value.exit_code, "backup create" in caught.value.hint) == (ExitCode.CONFLICT, True)

    create(primary.login, NAME, store, KEY, lambda _: None)
    primary.write(3)
    shipped(primary, store)
    assert verify(store, NAME, KEY).logs.transactions > 0
