"""How a scenario fails."""

from collections.abc import Sequence

from tradectl.scenario.matching import Mismatch
from tradectl.trader.failures import Failed


class Unmet(Failed):
    """Something is not as it should be."""

    def __init__(self, said: str, mismatches: Sequence[Mismatch] = ()) -> None:
        super().__init__("; ".join([said, *map(str, mismatches)]))
        self.said = said
        self.mismatches = tuple(mismatches)


class Broke(Exception):
    """The sandbox, and not the platform's behaviour, ended the run."""
