"""What the driver's own mistakes are told as; statements and results are in tests/contract/store."""

from typing import Any

import pytest
from asyncmy import errors
from sqlalchemy import make_url

from services.kernel.lost import is_lost_database
from services.kernel.mysql import driver
from services.kernel.mysql.driver import ServerConnection, Target
from services.kernel.settings import Store


class ResetAtOnce:
    """asyncmy's connection to a server that dies while it accepts."""

    def __init__(self, **_: Any) -> None:
        self.closed = False

    async def connect(self) -> None:
        raise RuntimeError("Transport does not expose socket instance")

    def close(self) -> None:
        self.closed = True


async def test_a_connection_that_is_reset_as_soon_as_it_stands_is_a_lost_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(driver, "DRIVER", ResetAtOnce)
    connection = ServerConnection(Target(make_url("mysql+asyncmy://orders@127.0.0.1/orders"), "", Store()))
    with pytest.raises(errors.OperationalError) as lost:
        await connection.open()
    assert is_lost_database(lost.value)
