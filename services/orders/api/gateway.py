"""The broker as the routes need him."""

from collections.abc import Sequence
from typing import Protocol

from services.orders.api.placing import Giving
from services.orders.domain.explaining import Facts


class Gateway(Protocol):
    """The way to the broker, and to his record."""

    @property
    def giving(self) -> Giving:
        """What is asked of him goes by it."""
        ...

    async def facts(self, exec_ids: Sequence[str]) -> dict[str, Facts]:
        """What his record has of executions, by their ids."""
        ...

    async def adopt(self) -> dict[str, list[str]]:
        """Take over the orders that his record has and we lack."""
        ...
