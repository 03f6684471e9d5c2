"""Which parts an integration test runs on: files and memory of its own, or real servers (``--parts containers``).

Who asks by the same folder is given the same parts; a child process is, by what its parent has laid there for it.
"""

import json
from pathlib import Path
from typing import Protocol

FILE = "parts.json"
KINDS = ("embedded", "containers")


class Parts(Protocol):
    """URLs as the host gives them, of what nobody else uses."""

    @property
    def broker(self) -> str: ...

    @property
    def cache(self) -> str: ...

    def database(self, name: str) -> str:
        """The database of that name. It has no rows, but may have the tables that the name had in an earlier test."""

    def bare_database(self, name: str) -> str:
        """The database of that name, without any table at first."""

    def hand_over(self, *databases: str) -> None:
        """Lay down broker, cache and these databases for a child process that is started after this."""

    def give_back(self) -> None:
        """The test is over."""


class Embedded:
    """Files in the folder, and memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.broker = f"memory://broker?path={folder / 'broker.db'}"
        self.cache = "memory://cache"

    def database(self, name: str) -> str:
        return f"sqlite+aiosqlite:///{self._folder / name}.db"

    bare_database = database

    def hand_over(self, *databases: str) -> None:
        """A child finds the files."""

    def give_back(self) -> None:
        """They go with the folder."""


class HandedOver:
    """What the parent process has laid down."""

    def __init__(self, broker: str, cache: str, databases: dict[str, str]) -> None:
        self.broker = broker
        self.cache = cache
        self._databases = databases

    def database(self, name: str) -> str:
        return self._databases[name]

    bare_database = database

    def hand_over(self, *databases: str) -> None:
        """A child has no children."""

    def give_back(self) -> None:
        """The parent does."""


_given: dict[Path, Parts] = {}
_chosen = "embedded"


def choose(kind: str) -> None:
    """For the whole run."""
    global _chosen  # noqa: PLW0603 (pytest is told once)
    _chosen = kind


def real() -> bool:
    """Whether the run is on real servers."""
    return _chosen == "containers"


def of(folder: Path) -> Parts:
    """The parts of a test, or of its child process."""
    if folder not in _given:
        _given[folder] = _parts(folder)
    return _given[folder]


def give_back() -> None:
    """The test is over."""
    given = list(_given.values())
    _given.clear()
    for parts in given:
        parts.give_back()


def _parts(folder: Path) -> Parts:
    if real():
        from tests.real_parts import Containers

        return Containers(folder)
    laid_down = folder / FILE
    return HandedOver(**json.loads(laid_down.read_text())) if laid_down.exists() else Embedded(folder)
